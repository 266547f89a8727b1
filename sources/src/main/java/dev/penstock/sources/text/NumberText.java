package dev.penstock.sources.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Numbers read from ASCII bytes. Each reader writes the value at {@code out[at]} and says whether
 * the whole range was such a number; the caller has trimmed blanks. A sign, plus included, is
 * taken.
 */
public final class NumberText {
  private static final double[] POWERS = new double[23];

  static {
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = Double.parseDouble("1e" + i);
    }
  }

  private NumberText() {}

  /** Digits with an optional sign, within 64 bits. */
  public static boolean readLong(byte[] b, int from, int to, long[] out, int at) {
    int p = from;
    boolean negative = false;
    if (p < to && (b[p] == '-' || b[p] == '+')) {
      negative = b[p] == '-';
      p++;
    }
    int digits = to - p;
    if (digits <= 0) {
      return false;
    }
    if (digits <= 18) {
      long v = 0;
      int bad = 0;
      for (; p < to; p++) {
        int d = b[p] - '0';
        bad |= d | (9 - d);
        v = v * 10 + d;
      }
      out[at] = negative ? -v : v;
      return bad >= 0;
    }
    long v = 0; // grows downwards: the negative range is the wider one
    for (; p < to; p++) {
      int d = b[p] - '0';
      if (d < 0 || d > 9 || v < Long.MIN_VALUE / 10 || v * 10 < Long.MIN_VALUE + d) {
        return false;
      }
      v = v * 10 - d;
    }
    if (!negative && v == Long.MIN_VALUE) {
      return false;
    }
    out[at] = negative ? v : -v;
    return true;
  }

  public static boolean readInt(byte[] b, int from, int to, int[] out, int at) {
    int p = from;
    boolean negative = false;
    if (p < to && (b[p] == '-' || b[p] == '+')) {
      negative = b[p] == '-';
      p++;
    }
    if (p == to || to - p > 18) {
      return false;
    }
    long v = 0;
    int bad = 0;
    for (; p < to; p++) {
      int d = b[p] - '0';
      bad |= d | (9 - d);
      v = v * 10 + d;
    }
    v = negative ? -v : v;
    out[at] = (int) v;
    return bad >= 0 && v == (int) v;
  }

  /**
   * Decimal text, with an optional fraction and exponent; NaN, Infinity and inf in any case.
   *
   * <p>Up to 15 digits (and any below 2^53) with a power of ten of at most 22 are exact by one
   * multiplication or division (Clinger's fast path); the rest goes through the JDK. A finite text
   * beyond the range of a double is refused.
   */
  public static boolean readDouble(byte[] b, int from, int to, double[] out, int at) {
    int p = from;
    boolean negative = false;
    if (p < to && (b[p] == '-' || b[p] == '+')) {
      negative = b[p] == '-';
      p++;
    }
    long mantissa = 0;
    int digits = 0; // significant ones
    int scale = 0;
    int start = p;
    for (; p < to; p++) {
      int d = b[p] - '0';
      if (d < 0 || d > 9) {
        break;
      }
      mantissa = mantissa * 10 + d;
      digits += mantissa == 0 ? 0 : 1;
    }
    int seen = p - start;
    if (p < to && b[p] == '.') {
      int point = ++p;
      for (; p < to; p++) {
        int d = b[p] - '0';
        if (d < 0 || d > 9) {
          break;
        }
        mantissa = mantissa * 10 + d;
        digits += mantissa == 0 ? 0 : 1;
      }
      scale = p - point;
      seen += scale;
    }
    if (seen == 0) {
      return readNamed(b, start, to, negative, out, at);
    }
    int exponent = 0;
    if (p < to && (b[p] | 32) == 'e') {
      p++;
      boolean down = false;
      if (p < to && (b[p] == '-' || b[p] == '+')) {
        down = b[p] == '-';
        p++;
      }
      int first = p;
      for (; p < to; p++) {
        int d = b[p] - '0';
        if (d < 0 || d > 9) {
          return false;
        }
        exponent = Math.min(exponent * 10 + d, 100_000);
      }
      if (p == first) {
        return false;
      }
      exponent = down ? -exponent : exponent;
    }
    if (p != to) {
      return false;
    }
    int power = exponent - scale;
    if (digits <= 18 && mantissa <= 1L << 53 && power >= -22 && power <= 22) {
      double v = power < 0 ? mantissa / POWERS[-power] : mantissa * POWERS[power];
      out[at] = negative ? -v : v;
      return true;
    }
    double v = Double.parseDouble(new String(b, from, to - from, StandardCharsets.US_ASCII));
    out[at] = v;
    return !Double.isInfinite(v);
  }

  private static boolean readNamed(
      byte[] b, int from, int to, boolean negative, double[] out, int at) {
    if (is(b, from, to, "nan")) {
      out[at] = Double.NaN;
      return true;
    }
    if (is(b, from, to, "infinity") || is(b, from, to, "inf")) {
      out[at] = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      return true;
    }
    return false;
  }

  /** Is the range this lower-case ASCII text, in any case. */
  public static boolean is(byte[] b, int from, int to, String lower) {
    if (to - from != lower.length()) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if ((b[i] | 32) != lower.charAt(i - from)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A decimal of at most 18 digits as a scaled long. Digits beyond the scale must be zero: nothing
   * is rounded in silence.
   */
  public static boolean readDecimal(
      byte[] b, int from, int to, int precision, int scale, long[] out, int at) {
    int p = from;
    boolean negative = false;
    if (p < to && (b[p] == '-' || b[p] == '+')) {
      negative = b[p] == '-';
      p++;
    }
    long v = 0;
    int seen = 0;
    int significant = 0;
    int fraction = -1;
    for (; p < to; p++) {
      int d = b[p] - '0';
      if (d >= 0 && d <= 9) {
        seen++;
        if (fraction >= scale) {
          if (d != 0) {
            return false;
          }
        } else {
          v = v * 10 + d;
          significant += v == 0 ? 0 : 1;
          fraction += fraction >= 0 ? 1 : 0;
          if (significant > 18) {
            return false;
          }
        }
      } else if (b[p] == '.' && fraction < 0) {
        fraction = 0;
      } else {
        // an exponent: rare, so exact by the long way
        return readDecimalByJdk(b, from, to, precision, scale, out, at);
      }
    }
    for (int f = Math.max(fraction, 0); f < scale; f++) {
      v *= 10;
      significant += v == 0 ? 0 : 1;
      if (significant > 18) {
        return false;
      }
    }
    out[at] = negative ? -v : v;
    return seen > 0 && significant <= precision;
  }

  private static boolean readDecimalByJdk(
      byte[] b, int from, int to, int precision, int scale, long[] out, int at) {
    BigInteger unscaled = unscaled(b, from, to, precision, scale);
    if (unscaled == null) {
      return false;
    }
    out[at] = unscaled.longValueExact();
    return true;
  }

  /** A decimal beyond 18 digits as two words at {@code out[2 * at]}. */
  public static boolean readWideDecimal(
      byte[] b, int from, int to, int precision, int scale, long[] out, int at) {
    BigInteger unscaled = unscaled(b, from, to, precision, scale);
    if (unscaled == null) {
      return false;
    }
    out[2 * at] = unscaled.shiftRight(64).longValue();
    out[2 * at + 1] = unscaled.longValue();
    return true;
  }

  private static @Nullable BigInteger unscaled(
      byte[] b, int from, int to, int precision, int scale) {
    // longer texts cannot be meant as a number of 38 digits, and would cost quadratic time
    if (to - from > 400 || !ByteScan.isAscii(b, from, to)) {
      return null;
    }
    try {
      BigDecimal d = new BigDecimal(new String(b, from, to - from, StandardCharsets.US_ASCII));
      if (d.signum() == 0) {
        return BigInteger.ZERO;
      }
      if (d.precision() - (long) d.scale() > precision - scale) {
        return null;
      }
      BigInteger u = d.setScale(scale, java.math.RoundingMode.UNNECESSARY).unscaledValue();
      return u.abs().compareTo(BigInteger.TEN.pow(precision)) < 0 ? u : null;
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }
}
