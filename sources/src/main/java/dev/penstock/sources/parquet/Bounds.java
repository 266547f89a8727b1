package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the values of one column in a row group, a page or another piece. Texts and
 * binaries are byte arrays, other values are host values.
 *
 * @param min no value is less, or null when unknown
 * @param max no value is greater (NaN aside), or null when unknown
 * @param nulls number of nulls, negative when unknown
 */
public record Bounds(
    DataType type, @Nullable Object min, @Nullable Object max, long nulls, long rows) {

  public static Bounds unknown(DataType type, long rows) {
    return new Bounds(type, null, null, -1, rows);
  }

  public static Bounds allNull(DataType type, long rows) {
    return new Bounds(type, null, null, rows, rows);
  }

  /** Of no rows. */
  public static Bounds none(DataType type) {
    return new Bounds(type, null, null, 0, 0);
  }

  /** Of these rows and others. */
  public Bounds with(Bounds other) {
    if (other.rows == 0) {
      return this;
    }
    long nullsOfBoth = nulls < 0 || other.nulls < 0 ? -1 : nulls + other.nulls;
    boolean mine = !isAllNull();
    boolean others = !other.isAllNull();
    Object low = !others ? min : !mine ? other.min : least(min, other.min);
    Object high = !others ? max : !mine ? other.max : greatest(max, other.max);
    return new Bounds(type, low, high, nullsOfBoth, rows + other.rows);
  }

  private static @Nullable Object least(@Nullable Object a, @Nullable Object b) {
    return a == null || b == null ? null : compare(a, b) <= 0 ? a : b;
  }

  private static @Nullable Object greatest(@Nullable Object a, @Nullable Object b) {
    return a == null || b == null ? null : compare(a, b) >= 0 ? a : b;
  }

  /** The lower bound as a host value. */
  public @Nullable Object hostMin() {
    // a text may have been cut within a character; what is in front of it is a bound, too
    return min instanceof byte[] b && type.kind() == Kind.VARCHAR ? text(b, true) : min;
  }

  /** The upper bound as a host value. */
  public @Nullable Object hostMax() {
    return max instanceof byte[] b && type.kind() == Kind.VARCHAR ? text(b, false) : max;
  }

  private static @Nullable String text(byte[] b, boolean beginIsEnough) {
    ByteBuffer in = ByteBuffer.wrap(b);
    CharBuffer out = CharBuffer.allocate(b.length);
    CoderResult end = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    return end.isError() && !beginIsEnough ? null : out.flip().toString();
  }

  /** Reads the statistics of a column chunk. */
  static Bounds of(ParquetColumn column, @Nullable Statistics s, long rows) {
    if (s == null) {
      return of(column, null, null, column.optional() ? -1 : 0, rows);
    }
    byte @Nullable [] min = s.getMin_value();
    byte @Nullable [] max = s.getMax_value();
    if (min == null && max == null && isSigned(column)) {
      // The older fields were ordered as signed numbers by every writer, so they are right for
      // these types only.
      min = s.getMin();
      max = s.getMax();
    }
    long nulls = !column.optional() ? 0 : s.isSetNull_count() ? s.getNull_count() : -1;
    return of(column, min, max, nulls, rows);
  }

  static Bounds of(
      ParquetColumn column, byte @Nullable [] min, byte @Nullable [] max, long nulls, long rows) {
    return new Bounds(column.type(), value(column, min), value(column, max), nulls, rows);
  }

  private static boolean isSigned(ParquetColumn column) {
    return switch (column.conversion()) {
      case INT32,
          INT32_TO_LONG,
          INT32_TO_PAIR,
          INT32_MILLIS_TO_MICROS,
          INT64,
          INT64_TO_PAIR,
          INT64_MILLIS_TO_MICROS,
          INT64_NANOS_TO_MICROS,
          FLOAT,
          DOUBLE ->
          true;
      default -> false;
    };
  }

  /** A bound as it is written in statistics; null for what cannot be used. */
  private static @Nullable Object value(ParquetColumn column, byte @Nullable [] stored) {
    if (stored == null
        || column.physical() == Type.INT96
        || column.conversion() == Conversion.INTERVAL
        || column.conversion() == Conversion.UUID
        || column.conversion() == Conversion.NESTED
        || column.type().kind() == Kind.JSON) {
      return null;
    }
    if (column.conversion() == Conversion.BYTES) {
      return stored;
    }
    if (column.conversion() == Conversion.BOOLEAN) {
      return stored.length == 1 ? (Object) (stored[0] != 0) : null;
    }
    int width = column.width();
    if (stored.length == 0 || (width >= 0 && stored.length != width)) {
      return null;
    }
    if (width < 0) {
      return new BigDecimal(new BigInteger(stored), column.type().scale());
    }
    try {
      PlainValues plain = PlainValues.of(column);
      plain.page(Arrays.copyOf(stored, width + 8), 0, width, 1);
      plain.start(1);
      plain.read(0, 1);
      Object v = plain.finish(null, 1).value(0);
      return v instanceof Double d && d.isNaN() ? null : v;
    } catch (RuntimeException e) {
      // A bound that cannot be read bounds nothing; the values themselves are checked when they are
      // read.
      return null;
    }
  }

  boolean isAllNull() {
    return nulls >= rows;
  }

  /** False when v is certainly less than every value. */
  boolean mayReachDown(Object v, boolean inclusive) {
    if (min == null) {
      return true;
    }
    int c = compare(min, v);
    return c < 0 || (inclusive && c == 0);
  }

  /** False when v is certainly greater than every value. */
  boolean mayReachUp(Object v, boolean inclusive) {
    if (max == null || type.kind() == Kind.FLOAT64) {
      // NaN is greater than every float and is not counted in the statistics.
      return true;
    }
    int c = compare(max, v);
    return c > 0 || (inclusive && c == 0);
  }

  boolean mayContain(Object v) {
    if (v instanceof Double d && d.isNaN()) {
      return true;
    }
    boolean low = min == null || compare(min, v) <= 0;
    return low && (max == null || compare(max, v) >= 0);
  }

  /** False when certainly no text begins so. */
  boolean mayBeginWith(byte[] prefix) {
    if (isAllNull()) {
      return false;
    }
    if (max instanceof byte[] high && Arrays.compareUnsigned(high, prefix) < 0) {
      return false;
    }
    int n = prefix.length;
    return !(min instanceof byte[] low)
        || Arrays.compareUnsigned(low, 0, Math.min(n, low.length), prefix, 0, n) <= 0;
  }

  /** Every value that is there equals v. */
  boolean isOnly(Object v) {
    return min != null
        && max != null
        && !(min instanceof byte[])
        && type.kind() != Kind.FLOAT64
        && compare(min, v) == 0
        && compare(max, v) == 0;
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object a, Object b) {
    if (a instanceof byte[] x) {
      return Arrays.compareUnsigned(x, (byte[]) b);
    }
    if (a instanceof Double x) {
      return Double.compare(x + 0.0, (Double) b + 0.0);
    }
    return ((Comparable<Object>) a).compareTo(b);
  }
}
