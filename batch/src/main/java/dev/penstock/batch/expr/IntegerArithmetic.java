package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.PenstockException;

/**
 * {@code + - *}, negation, {@code quot rem mod abs sign} of int32 and int64. Dense loops compute
 * every position and or the overflow bits together; only when some are set the rows are looked at
 * one by one, as it may be a position that is no row.
 */
final class IntegerArithmetic {
  private IntegerArithmetic() {}

  static FlatColumn addLongs(Args x) {
    long[] a = x.longs(0);
    long[] b = x.longs(1);
    long[] out = new long[x.length()];
    long bad = 0;
    if (x.dense() && !x.constant(0) && !x.constant(1)) {
      for (int i = 0; i < out.length; i++) {
        long r = a[i] + b[i];
        out[i] = r;
        bad |= (a[i] ^ r) & (b[i] ^ r);
      }
    } else if (x.dense() && !x.constant(0)) {
      long c = b[0];
      for (int i = 0; i < out.length; i++) {
        long r = a[i] + c;
        out[i] = r;
        bad |= (a[i] ^ r) & (c ^ r);
      }
    } else {
      int am = x.mask(0);
      int bm = x.mask(1);
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        long r = a[p & am] + b[p & bm];
        out[p] = r;
        bad |= (a[p & am] ^ r) & (b[p & bm] ^ r);
      }
    }
    if (bad < 0) {
      failLongs("+", x);
    }
    return new LongColumn(DataType.INT64, out, x.nulls(), x.length());
  }

  static FlatColumn subtractLongs(Args x) {
    long[] a = x.longs(0);
    long[] b = x.longs(1);
    long[] out = new long[x.length()];
    long bad = 0;
    if (x.dense() && !x.constant(0) && !x.constant(1)) {
      for (int i = 0; i < out.length; i++) {
        long r = a[i] - b[i];
        out[i] = r;
        bad |= (a[i] ^ b[i]) & (a[i] ^ r);
      }
    } else if (x.dense() && x.constant(1)) {
      long c = b[0];
      for (int i = 0; i < out.length; i++) {
        long r = a[i] - c;
        out[i] = r;
        bad |= (a[i] ^ c) & (a[i] ^ r);
      }
    } else {
      int am = x.mask(0);
      int bm = x.mask(1);
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        long r = a[p & am] - b[p & bm];
        out[p] = r;
        bad |= (a[p & am] ^ b[p & bm]) & (a[p & am] ^ r);
      }
    }
    if (bad < 0) {
      failLongs("-", x);
    }
    return new LongColumn(DataType.INT64, out, x.nulls(), x.length());
  }

  static FlatColumn multiplyLongs(Args x) {
    long[] a = x.longs(0);
    long[] b = x.longs(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    long[] out = new long[x.length()];
    long bad = 0;
    if (x.dense()) {
      for (int i = 0; i < out.length; i++) {
        long r = a[i & am] * b[i & bm];
        out[i] = r;
        bad |= Math.multiplyHigh(a[i & am], b[i & bm]) ^ r >> 63;
      }
    } else {
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        long r = a[p & am] * b[p & bm];
        out[p] = r;
        bad |= Math.multiplyHigh(a[p & am], b[p & bm]) ^ r >> 63;
      }
    }
    if (bad != 0) {
      failLongs("*", x);
    }
    return new LongColumn(DataType.INT64, out, x.nulls(), x.length());
  }

  /** Throws for the first row whose true result does not fit; does nothing when it was no row. */
  private static void failLongs(String op, Args x) {
    long[] a = x.longs(0);
    long[] b = x.longs(1);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      try {
        apply(op, a[p & x.mask(0)], b[p & x.mask(1)]);
      } catch (ArithmeticException e) {
        throw Errors.overflow(op, x, p, DataType.INT64);
      }
    }
  }

  private static long apply(String op, long a, long b) {
    return switch (op) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      default -> throw PenstockException.fault("no operator " + op, null);
    };
  }

  static FlatColumn addInts(Args x) {
    int[] a = x.ints(0);
    int[] b = x.ints(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    int[] out = new int[x.length()];
    int bad = 0;
    if (x.dense()) {
      for (int i = 0; i < out.length; i++) {
        int r = a[i & am] + b[i & bm];
        out[i] = r;
        bad |= (a[i & am] ^ r) & (b[i & bm] ^ r);
      }
    } else {
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        int r = a[p & am] + b[p & bm];
        out[p] = r;
        bad |= (a[p & am] ^ r) & (b[p & bm] ^ r);
      }
    }
    if (bad < 0) {
      failInts("+", x);
    }
    return new IntColumn(DataType.INT32, out, x.nulls(), x.length());
  }

  static FlatColumn subtractInts(Args x) {
    int[] a = x.ints(0);
    int[] b = x.ints(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    int[] out = new int[x.length()];
    int bad = 0;
    if (x.dense()) {
      for (int i = 0; i < out.length; i++) {
        int r = a[i & am] - b[i & bm];
        out[i] = r;
        bad |= (a[i & am] ^ b[i & bm]) & (a[i & am] ^ r);
      }
    } else {
      int[] rows = x.rows();
      int n = x.rowCount();
      for (int i = 0; i < n; i++) {
        int p = rows[i];
        int r = a[p & am] - b[p & bm];
        out[p] = r;
        bad |= (a[p & am] ^ b[p & bm]) & (a[p & am] ^ r);
      }
    }
    if (bad < 0) {
      failInts("-", x);
    }
    return new IntColumn(DataType.INT32, out, x.nulls(), x.length());
  }

  static FlatColumn multiplyInts(Args x) {
    int[] a = x.ints(0);
    int[] b = x.ints(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    int[] out = new int[x.length()];
    long bad = 0;
    int[] rows = x.dense() ? null : x.rows();
    int n = rows == null ? out.length : x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows == null ? i : rows[i];
      long r = (long) a[p & am] * b[p & bm];
      out[p] = (int) r;
      bad |= r ^ (int) r;
    }
    if (bad != 0) {
      failInts("*", x);
    }
    return new IntColumn(DataType.INT32, out, x.nulls(), x.length());
  }

  private static void failInts(String op, Args x) {
    int[] a = x.ints(0);
    int[] b = x.ints(1);
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      long r = apply(op, a[p & x.mask(0)], b[p & x.mask(1)]);
      if (r != (int) r) {
        throw Errors.overflow(op, x, p, DataType.INT32);
      }
    }
  }

  /** {@code (- a)}. */
  static FlatColumn negateLongs(Args x) {
    long[] a = x.longs(0);
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      if (a[p] == Long.MIN_VALUE) {
        throw Errors.overflow("-", x, p, DataType.INT64);
      }
      out[p] = -a[p];
    }
    return new LongColumn(DataType.INT64, out, x.nulls(), x.length());
  }

  /** {@code (- a)}. */
  static FlatColumn negateInts(Args x) {
    int[] a = x.ints(0);
    int[] out = new int[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      if (a[p] == Integer.MIN_VALUE) {
        throw Errors.overflow("-", x, p, DataType.INT32);
      }
      out[p] = -a[p];
    }
    return new IntColumn(DataType.INT32, out, x.nulls(), x.length());
  }
}
