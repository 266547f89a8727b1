package dev.penstock.sources.text;

import dev.penstock.batch.DataType;

/**
 * The type of one column, guessed from samples of its text: the narrowest type that every one of
 * them fits.
 *
 * <p>In this order: boolean (true, false), int64, decimal(38,0) for whole numbers beyond 64 bits,
 * float64 (a point or an exponent; NaN and inf count only beside numbers), date, timestamp,
 * timestamptz, time, uuid, else varchar. Whole numbers with leading zeros or a plus sign are codes,
 * not numbers: varchar. A column of which no value was seen is varchar.
 */
public final class TypeGuess {
  private static final int BOOLEAN = 1;
  private static final int INT64 = 2;
  private static final int WIDE = 4;
  private static final int FLOAT64 = 8;
  private static final int DATE = 16;
  private static final int TIMESTAMP = 32;
  private static final int TIMESTAMPTZ = 64;
  private static final int TIME = 128;
  private static final int UUID = 256;
  private static final int ALL = 511;

  private final long[] longs = new long[2];
  private final double[] doubles = new double[1];
  private final int[] ints = new int[1];
  private int left = ALL;
  private boolean seen;
  private boolean finite;

  /** Takes a value, not null, blanks included. */
  public void add(byte[] b, int start, int end) {
    seen = true;
    int from = start;
    int to = end;
    while (from < to && b[from] == ' ') {
      from++;
    }
    while (to > from && b[to - 1] == ' ') {
      to--;
    }
    int fits = 0;
    int ask = left;
    if ((ask & BOOLEAN) != 0 && isBoolean(b, from, to)) {
      fits |= BOOLEAN;
    }
    if ((ask & (INT64 | WIDE | FLOAT64)) != 0) {
      fits |= number(b, from, to);
    }
    if ((ask & DATE) != 0 && TimeText.readDate(b, from, to, ints, 0)) {
      fits |= DATE;
    }
    if ((ask & TIMESTAMP) != 0 && TimeText.readTimestamp(b, from, to, longs, 0)) {
      fits |= TIMESTAMP;
    }
    if ((ask & TIMESTAMPTZ) != 0 && TimeText.readTimestampTz(b, from, to, longs, 0)) {
      fits |= TIMESTAMPTZ;
    }
    if ((ask & TIME) != 0 && TimeText.readTime(b, from, to, longs, 0)) {
      fits |= TIME;
    }
    if ((ask & UUID) != 0 && UuidText.read(b, from, to, longs, 0)) {
      fits |= UUID;
    }
    left &= fits;
  }

  /** Is the text, in itself, something other than a word. */
  public static boolean isTyped(byte[] b, int from, int to) {
    TypeGuess one = new TypeGuess();
    one.add(b, from, to);
    return !one.type().equals(DataType.VARCHAR);
  }

  private int number(byte[] b, int from, int to) {
    int first = from < to && b[from] == '-' ? from + 1 : from;
    if (first == to || b[first] == '+') {
      return 0;
    }
    boolean whole = true;
    for (int i = first; i < to; i++) {
      int d = b[i] - '0';
      whole &= d >= 0 && d <= 9;
    }
    boolean zeros = to - first > 1 && b[first] == '0' && b[first + 1] >= '0' && b[first + 1] <= '9';
    if (zeros) {
      return 0;
    }
    if (whole) {
      if (to - first > 38) {
        return 0; // more digits than any number type keeps
      }
      finite = true;
      return FLOAT64 | WIDE | (NumberText.readLong(b, from, to, longs, 0) ? INT64 : 0);
    }
    if (NumberText.readDouble(b, from, to, doubles, 0)) {
      finite |= !Double.isNaN(doubles[0]) && !Double.isInfinite(doubles[0]);
      return FLOAT64;
    }
    return 0;
  }

  static boolean isBoolean(byte[] b, int from, int to) {
    return NumberText.is(b, from, to, "true") || NumberText.is(b, from, to, "false");
  }

  public boolean seen() {
    return seen;
  }

  public DataType type() {
    if (!seen) {
      return DataType.VARCHAR;
    }
    if ((left & BOOLEAN) != 0) {
      return DataType.BOOLEAN;
    } else if ((left & INT64) != 0) {
      return DataType.INT64;
    } else if ((left & WIDE) != 0) {
      return DataType.decimal(38, 0);
    } else if ((left & FLOAT64) != 0 && finite) {
      return DataType.FLOAT64;
    } else if ((left & DATE) != 0) {
      return DataType.DATE;
    } else if ((left & TIMESTAMP) != 0) {
      return DataType.TIMESTAMP;
    } else if ((left & TIMESTAMPTZ) != 0) {
      return DataType.TIMESTAMPTZ;
    } else if ((left & TIME) != 0) {
      return DataType.TIME;
    } else if ((left & UUID) != 0) {
      return DataType.UUID;
    }
    return DataType.VARCHAR;
  }
}
