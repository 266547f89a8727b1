package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;

/**
 * {@code + - * /} of float64. An infinity that comes from finite arguments is an error: loops
 * gather the exponents that are all ones and look closer only when there was one.
 */
final class FloatArithmetic {
  private static final long EXPONENT = 0x7FF0_0000_0000_0000L;
  private static final long CARRY = 0x0010_0000_0000_0000L;

  private FloatArithmetic() {}

  /** Negative for infinities and NaN, else not. */
  private static long special(double v) {
    return (Double.doubleToRawLongBits(v) & EXPONENT) + CARRY;
  }

  static FlatColumn add(Args x) {
    double[] a = x.doubles(0);
    double[] b = x.doubles(1);
    double[] out = new double[x.length()];
    long bad = 0;
    if (x.dense() && !x.constant(0) && !x.constant(1)) {
      for (int i = 0; i < out.length; i++) {
        double r = a[i] + b[i];
        out[i] = r;
        bad |= special(r);
      }
    } else {
      int am = x.mask(0);
      int bm = x.mask(1);
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        double r = a[p & am] + b[p & bm];
        out[p] = r;
        bad |= special(r);
      }
    }
    return checked("+", x, out, bad);
  }

  static FlatColumn subtract(Args x) {
    double[] a = x.doubles(0);
    double[] b = x.doubles(1);
    double[] out = new double[x.length()];
    long bad = 0;
    if (x.dense() && !x.constant(0) && !x.constant(1)) {
      for (int i = 0; i < out.length; i++) {
        double r = a[i] - b[i];
        out[i] = r;
        bad |= special(r);
      }
    } else {
      int am = x.mask(0);
      int bm = x.mask(1);
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        double r = a[p & am] - b[p & bm];
        out[p] = r;
        bad |= special(r);
      }
    }
    return checked("-", x, out, bad);
  }

  static FlatColumn multiply(Args x) {
    double[] a = x.doubles(0);
    double[] b = x.doubles(1);
    double[] out = new double[x.length()];
    long bad = 0;
    if (x.dense() && !x.constant(0) && !x.constant(1)) {
      for (int i = 0; i < out.length; i++) {
        double r = a[i] * b[i];
        out[i] = r;
        bad |= special(r);
      }
    } else {
      int am = x.mask(0);
      int bm = x.mask(1);
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        double r = a[p & am] * b[p & bm];
        out[p] = r;
        bad |= special(r);
      }
    }
    return checked("*", x, out, bad);
  }

  /** A divisor of 0 gives an infinity or NaN, so it is among what is looked at closer. */
  static FlatColumn divide(Args x) {
    double[] a = x.doubles(0);
    double[] b = x.doubles(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    double[] out = new double[x.length()];
    long bad = 0;
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      double r = a[p & am] / b[p & bm];
      out[p] = r;
      bad |= special(r);
    }
    return checked("/", x, out, bad);
  }

  private static FlatColumn checked(String op, Args x, double[] out, long bad) {
    if (bad < 0) {
      double[] a = x.doubles(0);
      double[] b = x.doubles(1);
      int[] rows = x.rows();
      for (int i = 0; i < x.rowCount(); i++) {
        int p = rows[i];
        double u = a[p & x.mask(0)];
        double v = b[p & x.mask(1)];
        if (v == 0 && op.equals("/")) {
          throw Errors.zeroDivisor(op, x, p);
        }
        if (Double.isInfinite(out[p]) && Double.isFinite(u) && Double.isFinite(v)) {
          throw overflow(op, x, p);
        }
      }
    }
    return new DoubleColumn(DataType.FLOAT64, out, x.nulls(), x.length());
  }

  private static PenstockException overflow(String op, Args x, int p) {
    return PenstockException.incorrect(
        "overflow",
        Errors.show(x.value(0, p))
            + " "
            + op
            + " "
            + Errors.show(x.value(1, p))
            + " is beyond the range of float64");
  }

  /** {@code (- a)}. */
  static FlatColumn negate(Args x) {
    double[] a = x.doubles(0);
    double[] out = new double[x.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = -a[i];
    }
    return new DoubleColumn(DataType.FLOAT64, out, x.nulls(), x.length());
  }
}
