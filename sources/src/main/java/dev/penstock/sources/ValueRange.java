package dev.penstock.sources;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** How many different values a range can hold at most. */
public final class ValueRange {
  private ValueRange() {}

  /**
   * The number of values from min to max, both included; Long.MAX_VALUE when there is no useful
   * limit.
   *
   * @param min a host value
   * @param max of the class of min
   */
  public static long size(@Nullable Object min, @Nullable Object max) {
    if (min instanceof Integer a && max instanceof Integer b) {
      return steps(a, b);
    }
    if (min instanceof Long a && max instanceof Long b) {
      return steps(a, b);
    }
    if (min instanceof LocalDate a && max instanceof LocalDate b) {
      return steps(a.toEpochDay(), b.toEpochDay());
    }
    if (min instanceof Boolean a && max instanceof Boolean b) {
      return a.equals(b) ? 1 : 2;
    }
    if (min instanceof BigDecimal a && max instanceof BigDecimal b && a.scale() == b.scale()) {
      BigInteger n = b.unscaledValue().subtract(a.unscaledValue()).add(BigInteger.ONE);
      return n.bitLength() < 63 ? Math.max(1, n.longValue()) : Long.MAX_VALUE;
    }
    return min != null && min.equals(max) ? 1 : Long.MAX_VALUE;
  }

  private static long steps(long a, long b) {
    long width = b - a;
    return width < 0 || width == Long.MAX_VALUE ? Long.MAX_VALUE : width + 1;
  }
}
