package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;
import java.math.BigDecimal;

/**
 * {@code + - *} and negation of decimals. Arguments keep their own scales; the result type is the
 * plan's. Where the types leave room for every result (all but those whose precision was cut at 38)
 * no loop checks anything.
 */
final class DecimalArithmetic {
  private DecimalArithmetic() {}

  /** The digits that a sum or difference may need, were there no limit of 38. */
  private static int sumDigits(DataType a, DataType b) {
    int whole = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
    return whole + Math.max(a.scale(), b.scale()) + 1;
  }

  /** Does a kernel exist for these types? */
  static boolean takes(String op, DataType a, DataType b, DataType result) {
    return op.equals("*")
        ? result.scale() == a.scale() + b.scale()
        : result.scale() == Math.max(a.scale(), b.scale());
  }

  static CallExpr.Kernel sum(DataType a, DataType b, DataType result, boolean subtract) {
    boolean roomy = result.precision() >= sumDigits(a, b);
    if (result.layout() == Layout.LONGS && roomy) {
      return x -> sumLongs(x, result, subtract);
    }
    return x -> sumPairs(x, result, subtract, roomy);
  }

  private static FlatColumn sumLongs(Args x, DataType result, boolean subtract) {
    long[] a = x.longs(0);
    long[] b = x.longs(1);
    long ta = Int128.ten(result.scale() - x.type(0).scale());
    long tb = Int128.ten(result.scale() - x.type(1).scale()) * (subtract ? -1 : 1);
    long[] out = new long[x.length()];
    if (x.dense() && x.constant(0)) {
      long c = a[0] * ta;
      for (int i = 0; i < out.length; i++) {
        out[i] = c + b[i] * tb;
      }
    } else if (x.dense() && x.constant(1)) {
      long c = b[0] * tb;
      for (int i = 0; i < out.length; i++) {
        out[i] = a[i] * ta + c;
      }
    } else if (x.dense()) {
      for (int i = 0; i < out.length; i++) {
        out[i] = a[i] * ta + b[i] * tb;
      }
    } else {
      int am = x.mask(0);
      int bm = x.mask(1);
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        out[p] = a[p & am] * ta + b[p & bm] * tb;
      }
    }
    return new LongColumn(result, out, x.nulls(), x.length());
  }

  private static FlatColumn sumPairs(Args x, DataType result, boolean subtract, boolean roomy) {
    long[] a = widened(x, 0, result.scale());
    long[] b = widened(x, 1, result.scale());
    int am = x.mask(0);
    int bm = x.mask(1);
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      int u = 2 * (p & am);
      int v = 2 * (p & bm);
      long ah = a[u];
      long al = a[u + 1];
      long bh = b[v];
      long bl = b[v + 1];
      long high = subtract ? Int128.subtractHigh(ah, al, bh, bl) : Int128.addHigh(ah, al, bh, bl);
      out[2 * p] = high;
      out[2 * p + 1] = subtract ? al - bl : al + bl;
    }
    if (!roomy) {
      checkExactly(subtract ? "-" : "+", x, out, result);
    }
    return pairsAs(result, out, x);
  }

  /** The argument as pairs of this scale; what does not fit is found by {@link #checkExactly}. */
  private static long[] widened(Args x, int k, int scale) {
    int digits = scale - x.type(k).scale();
    boolean longs = x.type(k).layout() == Layout.LONGS;
    if (!longs && digits == 0) {
      return x.pairs(k);
    }
    int n = x.constant(k) ? 1 : x.length();
    long[] out = new long[2 * n];
    if (longs) {
      long[] a = x.longs(k);
      if (digits <= 18) {
        long ten = Int128.ten(digits);
        for (int i = 0; i < n; i++) {
          out[2 * i] = Math.multiplyHigh(a[i], ten);
          out[2 * i + 1] = a[i] * ten;
        }
      } else {
        for (int i = 0; i < n; i++) {
          Int128.scaleUp(a[i] >> 63, a[i], digits, out, 2 * i);
        }
      }
    } else {
      long[] a = x.pairs(k);
      for (int i = 0; i < n; i++) {
        Int128.scaleUp(a[2 * i], a[2 * i + 1], digits, out, 2 * i);
      }
    }
    return out;
  }

  static CallExpr.Kernel product(DataType a, DataType b, DataType result) {
    boolean roomy = result.precision() >= a.precision() + b.precision();
    if (a.layout() == Layout.LONGS && b.layout() == Layout.LONGS) {
      if (result.layout() == Layout.LONGS && roomy) {
        return x -> multiplyLongs(x, result);
      } else if (result.layout() == Layout.PAIRS) {
        return x -> multiplyToPairs(x, result, roomy);
      }
    }
    if (a.layout() == Layout.PAIRS && b.layout() == Layout.LONGS) {
      return x -> multiplyPairsByLongs(x, result, roomy);
    }
    return x -> multiplyPairs(x, result, roomy);
  }

  private static FlatColumn multiplyLongs(Args x, DataType result) {
    long[] a = x.longs(0);
    long[] b = x.longs(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    long[] out = new long[x.length()];
    int[] rows = x.dense() ? null : x.rows();
    int n = rows == null ? out.length : x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows == null ? i : rows[i];
      out[p] = a[p & am] * b[p & bm];
    }
    return new LongColumn(result, out, x.nulls(), x.length());
  }

  private static FlatColumn multiplyToPairs(Args x, DataType result, boolean roomy) {
    long[] a = x.longs(0);
    long[] b = x.longs(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    long[] out = new long[2 * x.length()];
    if (x.dense()) {
      int n = x.length();
      for (int i = 0; i < n; i++) {
        long u = a[i & am];
        long v = b[i & bm];
        out[2 * i] = Math.multiplyHigh(u, v);
        out[2 * i + 1] = u * v;
      }
    } else {
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        long u = a[p & am];
        long v = b[p & bm];
        out[2 * p] = Math.multiplyHigh(u, v);
        out[2 * p + 1] = u * v;
      }
    }
    if (!roomy) {
      checkExactly("*", x, out, result);
    }
    return new PairColumn(result, out, x.nulls(), x.length());
  }

  /** Numbers that fit a long, which most do, take the short way. */
  private static FlatColumn multiplyPairsByLongs(Args x, DataType result, boolean roomy) {
    long[] a = x.pairs(0);
    long[] b = x.longs(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    long[] out = new long[2 * x.length()];
    long wide = 0;
    if (x.dense()) {
      int n = x.length();
      for (int i = 0; i < n; i++) {
        long u = a[2 * (i & am) + 1];
        long v = b[i & bm];
        wide |= a[2 * (i & am)] ^ u >> 63;
        out[2 * i] = Math.multiplyHigh(u, v);
        out[2 * i + 1] = u * v;
      }
    }
    if (wide != 0 || !x.dense()) {
      int[] rows = x.rows();
      int n = x.rowCount();
      wide = 0;
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        int u = 2 * (p & am);
        wide |= a[u] ^ a[u + 1] >> 63;
        Int128.multiply(a[u], a[u + 1], b[p & bm], out, 2 * p);
      }
    }
    if (!roomy && (wide != 0 || result.precision() < DataType.MAX_PRECISION)) {
      checkExactly("*", x, out, result);
    }
    return pairsAs(result, out, x);
  }

  /** Any layouts; numbers that fit a long take the short way. */
  private static FlatColumn multiplyPairs(Args x, DataType result, boolean roomy) {
    long[] a = widened(x, 0, x.type(0).scale());
    long[] b = widened(x, 1, x.type(1).scale());
    int am = x.mask(0);
    int bm = x.mask(1);
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    long wide = 0;
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      int u = 2 * (p & am);
      int v = 2 * (p & bm);
      long al = a[u + 1];
      long bl = b[v + 1];
      wide |= (a[u] ^ al >> 63) | (b[v] ^ bl >> 63);
      out[2 * p] = Math.multiplyHigh(al, bl);
      out[2 * p + 1] = al * bl;
    }
    if (wide != 0) {
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        int u = 2 * (p & am);
        int v = 2 * (p & bm);
        Int128.multiply(a[u], a[u + 1], b[v], b[v + 1], out, 2 * p);
      }
    }
    // The product of two longs has at most 37 digits and a bit: below 2^126, which is less than
    // 10^38.
    if (!roomy && (wide != 0 || result.precision() < DataType.MAX_PRECISION)) {
      checkExactly("*", x, out, result);
    }
    return pairsAs(result, out, x);
  }

  /** The column of these pairs, whose rows fit the type. */
  private static FlatColumn pairsAs(DataType result, long[] pairs, Args x) {
    if (result.layout() == Layout.PAIRS) {
      return new PairColumn(result, pairs, x.nulls(), x.length());
    }
    long[] out = new long[x.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = pairs[2 * i + 1];
    }
    return new LongColumn(result, out, x.nulls(), x.length());
  }

  /**
   * Throws for the first row whose true result has too many digits. Results near or beyond the
   * border are computed again: the pairs may have wrapped around.
   */
  private static void checkExactly(String op, Args x, long[] out, DataType result) {
    int[] rows = x.rows();
    int n = x.rowCount();
    // Below 2^125 in magnitude a sum of two scaled arguments is right unless one of them wrapped,
    // so bound those as well.
    double limit = Math.pow(10, result.precision()) * 0.99;
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      double u = approximately(x, 0, p);
      double v = approximately(x, 1, p);
      double size =
          op.equals("*")
              ? Math.abs(u * v) * Math.pow(10, result.scale())
              : (Math.abs(u) + Math.abs(v)) * Math.pow(10, result.scale());
      if (size >= limit) {
        BigDecimal a = (BigDecimal) x.value(0, p);
        BigDecimal b = (BigDecimal) x.value(1, p);
        BigDecimal r =
            switch (op) {
              case "+" -> a.add(b);
              case "-" -> a.subtract(b);
              default -> a.multiply(b);
            };
        if (r.setScale(result.scale()).precision() > result.precision()) {
          throw Errors.overflow(op, x, p, result);
        }
        Int128.set(r.setScale(result.scale()).unscaledValue(), out, 2 * p);
      }
    }
  }

  private static double approximately(Args x, int k, int position) {
    int p = position & x.mask(k);
    if (x.type(k).layout() == Layout.LONGS) {
      return (double) x.longs(k)[p] / Int128.ten(x.type(k).scale());
    }
    long[] v = x.pairs(k);
    double unsigned = (double) (v[2 * p + 1] >>> 1) * 2;
    return ((double) v[2 * p] * 0x1p64 + unsigned) / Math.pow(10, x.type(k).scale());
  }

  static FlatColumn negate(Args x, DataType result) {
    if (result.layout() == Layout.LONGS) {
      long[] a = x.longs(0);
      long[] out = new long[x.length()];
      for (int i = 0; i < out.length; i++) {
        out[i] = -a[i];
      }
      return new LongColumn(result, out, x.nulls(), x.length());
    }
    long[] a = x.pairs(0);
    long[] out = new long[2 * x.length()];
    for (int i = 0; i < out.length; i += 2) {
      out[i] = Int128.negateHigh(a[i], a[i + 1]);
      out[i + 1] = -a[i + 1];
    }
    return new PairColumn(result, out, x.nulls(), x.length());
  }
}
