package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.HostValues;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code quot rem mod} of integers and decimals. The quotient is cut towards zero, {@code rem} has
 * the sign of the dividend, {@code mod} that of the divisor.
 */
final class Remainders {
  private Remainders() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    Expr a = args.get(0);
    Expr b = args.get(1);
    DataType common = CommonType.of(a.type(), b.type());
    if (common == null || !common.isNumeric() || common.kind() == Kind.FLOAT64) {
      return null;
    }
    boolean widest = fn.equals("quot") && common.isDecimal();
    if (!result.equals(widest ? DataType.decimal(DataType.MAX_PRECISION, 0) : common)) {
      return null;
    }
    List<Expr> fitted = List.of(Casts.to(a, common, false), Casts.to(b, common, false));
    CallExpr.Kernel kernel =
        common.layout() == Layout.PAIRS ? x -> pairs(fn, x, result) : x -> longs(fn, x, result);
    return new CallExpr(result, kernel, fitted);
  }

  private static long apply(String fn, long a, long b) {
    return switch (fn) {
      case "quot" -> a / b;
      case "rem" -> a % b;
      default -> Math.floorMod(a, b);
    };
  }

  private static FlatColumn longs(String fn, Args x, DataType result) {
    boolean ints = x.type(0).layout() == Layout.INTS;
    int am = x.mask(0);
    int bm = x.mask(1);
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long a = ints ? x.ints(0)[p & am] : x.longs(0)[p & am];
      long b = ints ? x.ints(1)[p & bm] : x.longs(1)[p & bm];
      if (b == 0) {
        throw Errors.zeroDivisor(fn, x, p);
      }
      long r = apply(fn, a, b);
      // Only the least number by -1 is out of range.
      if ((ints && r != (int) r) || (b == -1 && a == Long.MIN_VALUE && fn.equals("quot"))) {
        throw Errors.overflow(fn, x, p, result);
      }
      out[p] = r;
    }
    return switch (result.layout()) {
      case INTS -> {
        int[] narrow = new int[out.length];
        for (int i = 0; i < narrow.length; i++) {
          narrow[i] = (int) out[i];
        }
        yield new IntColumn(result, narrow, x.nulls(), x.length());
      }
      case LONGS -> new LongColumn(result, out, x.nulls(), x.length());
      default -> {
        long[] wide = new long[2 * out.length];
        for (int i = 0; i < out.length; i++) {
          wide[2 * i] = out[i] >> 63;
          wide[2 * i + 1] = out[i];
        }
        yield new PairColumn(result, wide, x.nulls(), x.length());
      }
    };
  }

  private static FlatColumn pairs(String fn, Args x, DataType result) {
    long[] a = x.pairs(0);
    long[] b = x.pairs(1);
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      int u = 2 * (p & x.mask(0));
      int v = 2 * (p & x.mask(1));
      if ((b[v] | b[v + 1]) == 0) {
        throw Errors.zeroDivisor(fn, x, p);
      }
      boolean narrow = Int128.fitsLong(a[u], a[u + 1]) && Int128.fitsLong(b[v], b[v + 1]);
      if (narrow && a[u + 1] != Long.MIN_VALUE) {
        long r = apply(fn, a[u + 1], b[v + 1]);
        out[2 * p] = r >> 63;
        out[2 * p + 1] = r;
      } else {
        BigInteger big = HostValues.toBigInteger(a[u], a[u + 1]);
        BigInteger by = HostValues.toBigInteger(b[v], b[v + 1]);
        Int128.set(apply(fn, big, by), out, 2 * p);
      }
    }
    return new PairColumn(result, out, x.nulls(), x.length());
  }

  private static BigInteger apply(String fn, BigInteger a, BigInteger b) {
    if (fn.equals("quot")) {
      return a.divide(b);
    }
    BigInteger r = a.remainder(b);
    boolean other = fn.equals("mod") && r.signum() != 0 && r.signum() != b.signum();
    return other ? r.add(b) : r;
  }
}
