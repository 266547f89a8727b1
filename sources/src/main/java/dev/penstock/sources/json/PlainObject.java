package dev.penstock.sources.json;

import dev.penstock.batch.Schema;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the usual object apart by its bytes: on one line, its keys are columns and none comes
 * twice, its values are texts without escapes, numbers, truths and nulls. What is not so, and what
 * is malformed, is left to the parser; so this must never take what the parser would not.
 *
 * <p>The bytes are known to be UTF-8, and a newline stands behind the last one.
 */
final class PlainObject {
  static final byte NULL = 0;
  static final byte TEXT = 1;
  static final byte NUMBER = 2;
  static final byte TRUTH = 3;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;
  private static final int MAX_DIGITS = 1000; // the parser takes no longer numbers

  private final int columns;
  private final long[][] keys; // eight bytes each, with their quotes
  private final long[] lastMask;
  private final int[] keyBytes;
  private final int[] slots;
  private final long[] seenIn;
  private long objects;

  // of the object at hand, by slot
  final byte[] kinds;
  final int[] starts;
  final int[] ends;

  /**
   * @param slots for each column its slot, or -1
   */
  PlainObject(Schema schema, int[] slots, int slotCount) {
    this.columns = schema.size();
    this.slots = slots;
    this.keys = new long[columns][];
    this.lastMask = new long[columns];
    this.keyBytes = new int[columns];
    this.seenIn = new long[columns];
    this.kinds = new byte[slotCount];
    this.starts = new int[slotCount];
    this.ends = new int[slotCount];
    for (int c = 0; c < columns; c++) {
      byte[] key = ('"' + schema.field(c).name() + '"').getBytes(StandardCharsets.UTF_8);
      byte[] padded = Arrays.copyOf(key, (key.length + 7) & -8);
      keys[c] = new long[padded.length / 8];
      for (int i = 0; i < keys[c].length; i++) {
        keys[c][i] = (long) LONGS.get(padded, 8 * i);
      }
      int rest = key.length & 7;
      lastMask[c] = rest == 0 ? -1 : (1L << 8 * rest) - 1;
      keyBytes[c] = key.length;
    }
  }

  /** May names stand in a file as they are? */
  static boolean names(Schema schema) {
    for (int c = 0; c < schema.size(); c++) {
      String name = schema.field(c).name();
      for (int i = 0; i < name.length(); i++) {
        if (name.charAt(i) < ' ' || name.charAt(i) == '"' || name.charAt(i) == '\\') {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Reads the object that begins at the brace; a slot whose key is not there is null.
   *
   * @return the position behind it; -1 if it is another's to read
   */
  int read(byte[] b, int brace) {
    Arrays.fill(kinds, NULL);
    objects++;
    int p = blanks(b, brace + 1);
    if (b[p] == '}') {
      return p + 1;
    }
    int expected = 0;
    for (; ; ) {
      int column = column(b, p, expected);
      if (column < 0 || seenIn[column] == objects) {
        return -1;
      }
      seenIn[column] = objects;
      p = blanks(b, p + keyBytes[column]);
      if (b[p] != ':') {
        return -1;
      }
      p = blanks(b, p + 1);
      int start = p;
      int end;
      byte kind;
      switch (b[p]) {
        case '"' -> {
          start = p + 1;
          end = textEnd(b, start);
          if (b[end] != '"') {
            return -1;
          }
          kind = TEXT;
          p = end + 1;
        }
        case 't' -> {
          end = word(b, p, 't', 'r', 'u', 'e');
          kind = TRUTH;
          p = end;
        }
        case 'f' -> {
          end = word(b, p + 1, 'a', 'l', 's', 'e');
          kind = TRUTH;
          p = end;
        }
        case 'n' -> {
          end = word(b, p, 'n', 'u', 'l', 'l');
          kind = NULL;
          p = end;
        }
        default -> {
          end = numberEnd(b, p);
          kind = NUMBER;
          p = end;
        }
      }
      if (p < 0) {
        return -1;
      }
      int slot = slots[column];
      if (slot >= 0) {
        kinds[slot] = kind;
        starts[slot] = start;
        ends[slot] = end;
      }
      expected = column + 1;
      p = blanks(b, p);
      if (b[p] == '}') {
        return p + 1;
      }
      if (b[p] != ',') {
        return -1;
      }
      p = blanks(b, p + 1);
    }
  }

  /** The column of the key at the position: mostly the one expected. */
  private int column(byte[] b, int at, int expected) {
    for (int i = 0; i < columns; i++) {
      int c = expected + i;
      c = c >= columns ? c - columns : c;
      if (isKey(b, at, c)) {
        return c;
      }
    }
    return -1;
  }

  private boolean isKey(byte[] b, int at, int column) {
    long[] key = keys[column];
    int last = key.length - 1;
    if (at + 8 * key.length > b.length) {
      return false;
    }
    long differ = 0;
    for (int i = 0; i < last; i++) {
      differ |= (long) LONGS.get(b, at + 8 * i) ^ key[i];
    }
    differ |= ((long) LONGS.get(b, at + 8 * last) ^ key[last]) & lastMask[column];
    return differ == 0;
  }

  private static int blanks(byte[] b, int at) {
    int p = at;
    while (b[p] == ' ' || b[p] == '\t') {
      p++;
    }
    return p;
  }

  /** The first quote, backslash or control character. */
  private static int textEnd(byte[] b, int from) {
    int p = from;
    for (; p <= b.length - 8; p += 8) {
      long x = (long) LONGS.get(b, p);
      long quote = x ^ ONES * '"';
      long backslash = x ^ ONES * '\\';
      // in each of the three the lowest byte found is right, as borrows only go up
      long found =
          ((quote - ONES) & ~quote | (backslash - ONES) & ~backslash | (x - ONES * ' ') & ~x)
              & HIGHS;
      if (found != 0) {
        return p + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (b[p] != '"' && b[p] != '\\' && (b[p] & 255) >= ' ') {
      p++;
    }
    return p;
  }

  private static int word(byte[] b, int at, char c0, char c1, char c2, char c3) {
    return b[at] == c0 && b[at + 1] == c1 && b[at + 2] == c2 && b[at + 3] == c3 ? at + 4 : -1;
  }

  private static int numberEnd(byte[] b, int from) {
    int p = from;
    if (b[p] == '-') {
      p++;
    }
    if (b[p] == '0') {
      p++;
    } else {
      int digits = digits(b, p);
      if (digits == p) {
        return -1;
      }
      p = digits;
    }
    if (b[p] == '.') {
      int digits = digits(b, p + 1);
      if (digits == p + 1) {
        return -1;
      }
      p = digits;
    }
    if (b[p] == 'e' || b[p] == 'E') {
      p++;
      if (b[p] == '+' || b[p] == '-') {
        p++;
      }
      int digits = digits(b, p);
      if (digits == p) {
        return -1;
      }
      p = digits;
    }
    return p - from > MAX_DIGITS ? -1 : p;
  }

  private static int digits(byte[] b, int from) {
    int p = from;
    while (b[p] >= '0' && b[p] <= '9') {
      p++;
    }
    return p;
  }
}
