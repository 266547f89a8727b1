package dev.penstock.batch.kernel;

import dev.penstock.batch.HostValues;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Arithmetic on 128-bit two's complement numbers, each two longs: the high word is signed, the low
 * word unsigned.
 *
 * <p>What has one word as its result is a plain function; the low word of a sum or difference is
 * just {@code al + bl} or {@code al - bl}. What has two results writes them to {@code out[at],
 * out[at + 1]} (high, low) and returns true when the true result does not fit 128 bits (then what
 * was written has no meaning).
 */
public final class Int128 {
  /** 10^0 .. 10^18. */
  private static final long[] TEN = new long[19];

  /** 10^0 .. 10^38, high and low in turn. */
  private static final long[] TEN_WIDE = new long[78];

  static {
    BigInteger power = BigInteger.ONE;
    for (int i = 0; i <= 38; i++) {
      if (i <= 18) {
        TEN[i] = power.longValueExact();
      }
      TEN_WIDE[2 * i] = power.shiftRight(64).longValueExact();
      TEN_WIDE[2 * i + 1] = power.longValue();
      power = power.multiply(BigInteger.TEN);
    }
  }

  private Int128() {}

  /** 10^digits for 0 to 18 digits. */
  public static long ten(int digits) {
    return TEN[digits];
  }

  /** The high word of 10^digits for 0 to 38 digits. */
  public static long tenHigh(int digits) {
    return TEN_WIDE[2 * digits];
  }

  /** The low word of 10^digits for 0 to 38 digits. */
  public static long tenLow(int digits) {
    return TEN_WIDE[2 * digits + 1];
  }

  /** The high word of a sum whose low word is {@code al + bl}. */
  public static long addHigh(long ah, long al, long bh, long bl) {
    long low = al + bl;
    // The carry out of the low words, without a comparison.
    return ah + bh + (((al & bl) | ((al | bl) & ~low)) >>> 63);
  }

  /** The high word of a difference whose low word is {@code al - bl}. */
  public static long subtractHigh(long ah, long al, long bh, long bl) {
    long low = al - bl;
    return ah - bh - (((~al & bl) | ((~al | bl) & low)) >>> 63);
  }

  /** Negative when a sum with this high word overflowed 128 bits; to be or-ed together in loops. */
  public static long addOverflow(long ah, long bh, long sumHigh) {
    return (ah ^ sumHigh) & (bh ^ sumHigh);
  }

  /** Negative when a difference with this high word overflowed 128 bits. */
  public static long subtractOverflow(long ah, long bh, long differenceHigh) {
    return (ah ^ bh) & (ah ^ differenceHigh);
  }

  /** The high word of the negation; the low word is {@code -low}. */
  public static long negateHigh(long high, long low) {
    return low == 0 ? -high : ~high;
  }

  public static boolean fitsLong(long high, long low) {
    return high == low >> 63;
  }

  /** As {@link Long#compare}. */
  public static int compare(long ah, long al, long bh, long bl) {
    return ah != bh ? Long.compare(ah, bh) : Long.compareUnsigned(al, bl);
  }

  /** Is the magnitude less than 10^digits (0 to 38 digits)? */
  public static boolean fitsDigits(long high, long low, int digits) {
    long h = high;
    long l = low;
    if (h < 0) {
      h = negateHigh(h, l);
      l = -l;
      if (h < 0) {
        return false;
      }
    }
    return compare(h, l, tenHigh(digits), tenLow(digits)) < 0;
  }

  /** 128 x 64 bits. */
  public static boolean multiply(long ah, long al, long b, long[] out, int at) {
    if (ah == al >> 63) {
      out[at] = Math.multiplyHigh(al, b);
      out[at + 1] = al * b;
      return false;
    }
    // a = ah * 2^64 + al (unsigned): the product is ah * b * 2^64 + al * b.
    long low = al * b;
    long lowHigh = Math.multiplyHigh(al, b) + (al >> 63 & b); // al as unsigned, b signed
    long high = ah * b;
    long highHigh = Math.multiplyHigh(ah, b);
    long sum = high + lowHigh;
    out[at] = sum;
    out[at + 1] = low;
    long carried = highHigh + (lowHigh >> 63) + carry(high, lowHigh, sum);
    return carried != sum >> 63;
  }

  private static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }

  /** 128 x 128 bits. */
  public static boolean multiply(long ah, long al, long bh, long bl, long[] out, int at) {
    if (fitsLong(bh, bl)) {
      return multiply(ah, al, bl, out, at);
    }
    if (fitsLong(ah, al)) {
      return multiply(bh, bl, al, out, at);
    }
    // Both need more than 64 bits: only 126 bits of product and a few more can fit, so this is
    // rare.
    return set(HostValues.toBigInteger(ah, al).multiply(HostValues.toBigInteger(bh, bl)), out, at);
  }

  /** Times 10^digits (0 to 38). */
  public static boolean scaleUp(long high, long low, int digits, long[] out, int at) {
    if (digits <= 18) {
      return multiply(high, low, TEN[digits], out, at);
    }
    return multiply(high, low, tenHigh(digits), tenLow(digits), out, at);
  }

  /** Divides by 10^digits (0 to 38), rounding half away from zero. */
  public static void scaleDown(long high, long low, int digits, long[] out, int at) {
    if (digits == 0) {
      out[at] = high;
      out[at + 1] = low;
      return;
    }
    if (fitsLong(high, low)) {
      long q = divideRounding(low, digits);
      out[at] = q >> 63;
      out[at + 1] = q;
      return;
    }
    boolean negative = high < 0;
    long h = negative ? negateHigh(high, low) : high;
    long l = negative ? -low : low;
    // floor((floor(v / 10^(d-1)) + 5) / 10) = floor(v / 10^d + 1/2)
    out[at] = h;
    out[at + 1] = l;
    int left = digits - 1;
    while (left > 0) {
      int step = Math.min(left, 9);
      divideUnsigned(out, at, (int) TEN[step]);
      left -= step;
    }
    h = addHigh(out[at], out[at + 1], 0, 5);
    l = out[at + 1] + 5;
    out[at] = h;
    out[at + 1] = l;
    divideUnsigned(out, at, 10);
    if (negative) {
      h = negateHigh(out[at], out[at + 1]);
      out[at + 1] = -out[at + 1];
      out[at] = h;
    }
  }

  /** Divides an unsigned number in place by a positive int. */
  private static void divideUnsigned(long[] v, int at, int divisor) {
    long h = v[at];
    long l = v[at + 1];
    long part = h >>> 32;
    long q3 = part / divisor;
    part = (part % divisor) << 32 | (h & 0xFFFF_FFFFL);
    long q2 = part / divisor;
    part = (part % divisor) << 32 | l >>> 32;
    long q1 = part / divisor;
    part = (part % divisor) << 32 | (l & 0xFFFF_FFFFL);
    long q0 = part / divisor;
    v[at] = q3 << 32 | q2;
    v[at + 1] = q1 << 32 | q0;
  }

  /** A long divided by 10^digits (0 or more), rounding half away from zero. */
  public static long divideRounding(long v, int digits) {
    if (digits > 18) {
      // 10^19 / 2 is more than half of any long but the greatest ones.
      return digits > 19
          ? 0
          : v <= -5_000_000_000_000_000_000L ? -1 : v >= 5_000_000_000_000_000_000L ? 1 : 0;
    }
    long ten = TEN[digits];
    long q = v / ten;
    long r = v % ten;
    // |r| < 10^18, so doubling does not overflow.
    if (2 * Math.abs(r) >= ten) {
      q += v < 0 ? -1 : 1;
    }
    return q;
  }

  /** The nearest double to v / 10^scale. */
  public static double toDouble(long high, long low, int scale) {
    if (fitsLong(high, low)) {
      return toDouble(low, scale);
    }
    return new BigDecimal(HostValues.toBigInteger(high, low), scale).doubleValue();
  }

  /** The nearest double to v / 10^scale. */
  public static double toDouble(long v, int scale) {
    if (scale == 0) {
      return v;
    }
    // Both are exact doubles, so one division rounds once.
    if (Math.abs(v) <= 1L << 53 && v != Long.MIN_VALUE && scale <= 18) {
      return (double) v / TEN[scale];
    }
    return BigDecimal.valueOf(v, scale).doubleValue();
  }

  /** Writes a big number; true when it does not fit. */
  public static boolean set(BigInteger v, long[] out, int at) {
    out[at] = v.shiftRight(64).longValue();
    out[at + 1] = v.longValue();
    return v.bitLength() > 127;
  }

  /** Plain decimal text with exactly scale digits after the point. */
  public static String toString(long high, long low, int scale) {
    if (fitsLong(high, low)) {
      return BigDecimal.valueOf(low, scale).toPlainString();
    }
    return new BigDecimal(HostValues.toBigInteger(high, low), scale).toPlainString();
  }
}
