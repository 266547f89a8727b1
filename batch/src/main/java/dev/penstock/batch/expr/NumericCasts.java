package dev.penstock.batch.expr;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.FlatColumns;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Casts among int32, int64, decimal and float64, and between boolean and integers. Rounds half away
 * from zero, floats to integers half to even.
 */
final class NumericCasts {
  private NumericCasts() {}

  /** The kernel, or null if these are not types of this family. */
  static CallExpr.@Nullable Kernel of(DataType from, DataType to, boolean lenient) {
    if (from.kind() == Kind.BOOLEAN && isInteger(to)) {
      return x -> ofBits(x, to);
    }
    if (isInteger(from) && to.kind() == Kind.BOOLEAN) {
      return NumericCasts::toBits;
    }
    if (!from.isNumeric() || !to.isNumeric()) {
      return null;
    }
    return switch (to.kind()) {
      case FLOAT64 -> NumericCasts::toFloat;
      case DECIMAL ->
          from.kind() == Kind.FLOAT64
              ? x -> floatToDecimal(x, to, new Failures(x, to, lenient))
              : x -> exactToDecimal(x, to, new Failures(x, to, lenient));
      default -> x -> toInteger(x, to, new Failures(x, to, lenient));
    };
  }

  private static boolean isInteger(DataType t) {
    return t.kind() == Kind.INT32 || t.kind() == Kind.INT64;
  }

  private static FlatColumn ofBits(Args x, DataType to) {
    long[] bits = x.bits(0);
    int n = x.length();
    if (to.kind() == Kind.INT32) {
      int[] out = new int[n];
      for (int i = 0; i < n; i++) {
        out[i] = (int) (bits[i >> 6] >>> i & 1);
      }
      return new IntColumn(to, out, x.nulls(), n);
    }
    long[] out = new long[n];
    for (int i = 0; i < n; i++) {
      out[i] = bits[i >> 6] >>> i & 1;
    }
    return new LongColumn(to, out, x.nulls(), n);
  }

  private static FlatColumn toBits(Args x) {
    long[] words = new long[Bits.words(x.length())];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      if (exact(x, p) != 0) {
        Bits.set(words, p);
      }
    }
    return new BitColumn(DataType.BOOLEAN, words, x.nulls(), x.length());
  }

  /** An int32, int64 or long decimal. */
  private static long exact(Args x, int position) {
    return x.type(0).layout() == Layout.INTS ? x.ints(0)[position] : x.longs(0)[position];
  }

  private static FlatColumn toFloat(Args x) {
    int n = x.length();
    double[] out = new double[n];
    switch (x.type(0).kind()) {
      case INT32 -> {
        int[] a = x.ints(0);
        for (int i = 0; i < n; i++) {
          out[i] = a[i];
        }
      }
      case INT64 -> {
        long[] a = x.longs(0);
        for (int i = 0; i < n; i++) {
          out[i] = (double) a[i];
        }
      }
      case DECIMAL -> {
        int scale = x.type(0).scale();
        int[] rows = x.rows();
        int count = x.rowCount();
        if (x.type(0).layout() == Layout.LONGS) {
          long[] a = x.longs(0);
          for (int i = 0; i < count; i++) {
            out[rows[i]] = Int128.toDouble(a[rows[i]], scale);
          }
        } else {
          long[] a = x.pairs(0);
          for (int i = 0; i < count; i++) {
            int p = rows[i];
            out[p] = Int128.toDouble(a[2 * p], a[2 * p + 1], scale);
          }
        }
      }
      default -> {
        return x.column(0);
      }
    }
    return new DoubleColumn(DataType.FLOAT64, out, x.nulls(), n);
  }

  private static FlatColumn toInteger(Args x, DataType to, Failures failures) {
    DataType from = x.type(0);
    int n = x.length();
    if (from.equals(to)) {
      return x.column(0);
    }
    if (from.kind() == Kind.INT32) {
      int[] a = x.ints(0);
      long[] out = new long[n];
      for (int i = 0; i < n; i++) {
        out[i] = a[i];
      }
      return new LongColumn(to, out, x.nulls(), n);
    }
    long[] wide = new long[n];
    int[] rows = x.rows();
    int count = x.rowCount();
    long least = to.kind() == Kind.INT32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
    long most = to.kind() == Kind.INT32 ? Integer.MAX_VALUE : Long.MAX_VALUE;
    long[] pair = new long[2];
    for (int i = 0; i < count; i++) {
      int p = rows[i];
      long v;
      boolean fits = true;
      if (from.kind() == Kind.FLOAT64) {
        double d = Math.rint(x.doubles(0)[p]);
        v = (long) d;
        // 2^63 itself is a double, and the first that does not fit.
        fits = d >= -0x1p63 && d < 0x1p63;
      } else if (from.layout() == Layout.PAIRS) {
        long[] a = x.pairs(0);
        Int128.scaleDown(a[2 * p], a[2 * p + 1], from.scale(), pair, 0);
        v = pair[1];
        fits = Int128.fitsLong(pair[0], v);
      } else {
        v = x.longs(0)[p];
        v = from.scale() == 0 ? v : Int128.divideRounding(v, from.scale());
      }
      if (!fits || v < least || v > most) {
        failures.at(p);
      }
      wide[p] = v;
    }
    if (to.kind() == Kind.INT64) {
      return new LongColumn(to, wide, failures.nulls(), n);
    }
    int[] out = new int[n];
    for (int i = 0; i < n; i++) {
      out[i] = (int) wide[i];
    }
    return new IntColumn(to, out, failures.nulls(), n);
  }

  /** Rounded to a whole number, halves away from zero; NaN and infinities stay. */
  static double awayFromZero(double v) {
    double whole = v < 0 ? Math.ceil(v) : Math.floor(v);
    // The difference is exact: both have the same exponent or the whole is smaller.
    return Math.abs(v - whole) >= 0.5 ? whole + Math.signum(v) : whole;
  }

  private static FlatColumn floatToDecimal(Args x, DataType to, Failures failures) {
    double[] a = x.doubles(0);
    long[] pairs = new long[2 * x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      if (!Double.isFinite(a[p]) || Math.abs(a[p]) >= 1e39) {
        failures.at(p);
        continue;
      }
      BigInteger v =
          BigDecimal.valueOf(a[p]).setScale(to.scale(), RoundingMode.HALF_UP).unscaledValue();
      if (Int128.set(v, pairs, 2 * p)
          || !Int128.fitsDigits(pairs[2 * p], pairs[2 * p + 1], to.precision())) {
        failures.at(p);
      }
    }
    return ofPairs(to, pairs, failures.nulls(), x.length());
  }

  private static FlatColumn exactToDecimal(Args x, DataType to, Failures failures) {
    DataType from = x.type(0);
    int scale = from.isDecimal() ? from.scale() : 0;
    int digits = from.isDecimal() ? from.precision() : from.kind() == Kind.INT32 ? 10 : 19;
    int up = to.scale() - scale;
    // A value that is rounded may carry into one digit more.
    boolean roomy = digits - scale + (up < 0 ? 1 : 0) <= to.precision() - to.scale();
    if (roomy && up >= 0 && to.layout() == Layout.LONGS) {
      return scaledLongs(x, to, Int128.ten(up));
    }
    if (roomy && up == 0 && from.layout() == Layout.PAIRS) {
      return FlatColumns.as(x.column(0), to);
    }
    long[] pairs = new long[2 * x.length()];
    boolean wide = from.layout() == Layout.PAIRS;
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long low = wide ? x.pairs(0)[2 * p + 1] : exact(x, p);
      long high = wide ? x.pairs(0)[2 * p] : low >> 63;
      boolean over = false;
      if (up >= 0) {
        over = Int128.scaleUp(high, low, up, pairs, 2 * p);
      } else {
        Int128.scaleDown(high, low, -up, pairs, 2 * p);
      }
      if (over || (!roomy && !Int128.fitsDigits(pairs[2 * p], pairs[2 * p + 1], to.precision()))) {
        failures.at(p);
      }
    }
    return ofPairs(to, pairs, failures.nulls(), x.length());
  }

  private static FlatColumn scaledLongs(Args x, DataType to, long ten) {
    int n = x.length();
    long[] out = new long[n];
    if (x.type(0).layout() == Layout.INTS) {
      int[] a = x.ints(0);
      for (int i = 0; i < n; i++) {
        out[i] = a[i] * ten;
      }
    } else if (ten == 1) {
      return FlatColumns.as(x.column(0), to);
    } else {
      long[] a = x.longs(0);
      for (int i = 0; i < n; i++) {
        out[i] = a[i] * ten;
      }
    }
    return new LongColumn(to, out, x.nulls(), n);
  }

  /** A decimal column of these 128-bit numbers. */
  static FlatColumn ofPairs(DataType to, long[] pairs, long @Nullable [] nulls, int n) {
    if (to.layout() == Layout.PAIRS) {
      return new PairColumn(to, pairs, nulls, n);
    }
    long[] out = new long[n];
    for (int i = 0; i < n; i++) {
      out[i] = pairs[2 * i + 1];
    }
    return new LongColumn(to, out, nulls, n);
  }
}
