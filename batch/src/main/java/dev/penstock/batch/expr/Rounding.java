package dev.penstock.batch.expr;

import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.FlatColumns;
import dev.penstock.batch.HostValues;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.kernel.Int128;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code abs sign floor ceil round trunc} of every numeric type. */
final class Rounding {
  private Rounding() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    DataType type = args.get(0).type();
    if (!type.isNumeric() || args.size() > (fn.equals("round") || fn.equals("trunc") ? 2 : 1)) {
      return null;
    }
    if (args.size() == 2 && !(args.get(1) instanceof LiteralExpr)) {
      return null;
    }
    List<Expr> one = args.subList(0, 1);
    CallExpr.Kernel kernel = kernel(fn, type, args, result);
    return kernel == null ? null : new CallExpr(result, kernel, one);
  }

  private static CallExpr.@Nullable Kernel kernel(
      String fn, DataType type, List<Expr> args, DataType result) {
    switch (fn) {
      case "abs":
        return type.equals(result) ? x -> abs(x, result) : null;
      case "sign":
        return result.kind() == Kind.INT32 ? Rounding::sign : null;
      default:
        break;
    }
    int digits = 0;
    if (args.size() == 2) {
      Object n = ((LiteralExpr) args.get(1)).value();
      if (n == null) {
        return x -> FlatColumns.withNulls(zeros(x, result), Bits.ones(x.length()));
      }
      digits = (int) Math.max(-1000, Math.min(1000, ((Number) n).longValue()));
    }
    int places = digits;
    RoundingMode mode =
        switch (fn) {
          case "floor" -> RoundingMode.FLOOR;
          case "ceil" -> RoundingMode.CEILING;
          case "trunc" -> RoundingMode.DOWN;
          default -> RoundingMode.HALF_UP;
        };
    return switch (type.kind()) {
      case FLOAT64 -> type.equals(result) ? x -> floats(x, places, mode) : null;
      case DECIMAL -> result.isDecimal() ? x -> decimals(x, places, mode, result) : null;
      default ->
          !type.equals(result)
              ? null
              : places >= 0 ? x -> x.column(0) : x -> integers(x, places, mode);
    };
  }

  /** Any values: they will all be null. */
  private static FlatColumn zeros(Args x, DataType type) {
    return type.layout() == Layout.PAIRS
        ? NumericCasts.ofPairs(type, new long[2 * x.length()], null, x.length())
        : type.layout() == Layout.INTS
            ? new IntColumn(type, new int[x.length()], null, x.length())
            : type.layout() == Layout.DOUBLES
                ? new DoubleColumn(type, new double[x.length()], null, x.length())
                : new LongColumn(type, new long[x.length()], null, x.length());
  }

  private static FlatColumn abs(Args x, DataType type) {
    int[] rows = x.rows();
    int n = x.rowCount();
    switch (type.layout()) {
      case INTS -> {
        int[] a = x.ints(0);
        int[] out = new int[x.length()];
        for (int i = 0; i < n; i++) {
          int p = rows[i];
          if (a[p] == Integer.MIN_VALUE) {
            throw Errors.overflow("abs of " + a[p], type);
          }
          out[p] = Math.abs(a[p]);
        }
        return new IntColumn(type, out, x.nulls(), x.length());
      }
      case LONGS -> {
        long[] a = x.longs(0);
        long[] out = new long[x.length()];
        for (int i = 0; i < n; i++) {
          int p = rows[i];
          if (a[p] == Long.MIN_VALUE) {
            throw Errors.overflow("abs of " + a[p], type);
          }
          out[p] = Math.abs(a[p]);
        }
        return new LongColumn(type, out, x.nulls(), x.length());
      }
      case DOUBLES -> {
        double[] a = x.doubles(0);
        double[] out = new double[x.length()];
        for (int i = 0; i < out.length; i++) {
          out[i] = Math.abs(a[i]);
        }
        return new DoubleColumn(type, out, x.nulls(), x.length());
      }
      default -> {
        long[] a = x.pairs(0);
        long[] out = new long[2 * x.length()];
        for (int i = 0; i < out.length; i += 2) {
          boolean negative = a[i] < 0;
          out[i] = negative ? Int128.negateHigh(a[i], a[i + 1]) : a[i];
          out[i + 1] = negative ? -a[i + 1] : a[i + 1];
        }
        return NumericCasts.ofPairs(type, out, x.nulls(), x.length());
      }
    }
  }

  private static FlatColumn sign(Args x) {
    int[] out = new int[x.length()];
    switch (x.type(0).layout()) {
      case INTS -> {
        int[] a = x.ints(0);
        for (int i = 0; i < out.length; i++) {
          out[i] = Integer.signum(a[i]);
        }
      }
      case LONGS -> {
        long[] a = x.longs(0);
        for (int i = 0; i < out.length; i++) {
          out[i] = Long.signum(a[i]);
        }
      }
      case DOUBLES -> {
        double[] a = x.doubles(0);
        for (int i = 0; i < out.length; i++) {
          out[i] = (int) Math.signum(a[i]); // of NaN 0
        }
      }
      default -> {
        long[] a = x.pairs(0);
        for (int i = 0; i < out.length; i++) {
          long high = a[2 * i];
          out[i] = high != 0 ? Long.signum(high) : a[2 * i + 1] == 0 ? 0 : 1;
        }
      }
    }
    return new IntColumn(DataType.INT32, out, x.nulls(), x.length());
  }

  private static FlatColumn floats(Args x, int places, RoundingMode mode) {
    double[] a = x.doubles(0);
    double[] out = new double[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      double v = a[p];
      if (mode == RoundingMode.FLOOR) {
        out[p] = Math.floor(v);
      } else if (mode == RoundingMode.CEILING) {
        out[p] = Math.ceil(v);
      } else if (places == 0 || !Double.isFinite(v)) {
        out[p] =
            mode != RoundingMode.DOWN
                ? NumericCasts.awayFromZero(v)
                : v < 0 ? Math.ceil(v) : Math.floor(v);
      } else if (places > 340) {
        out[p] = v;
      } else if (places < -310) {
        out[p] = 0;
      } else {
        // The digits that a person sees are the ones rounded: 1.005 gives 1.01.
        out[p] = BigDecimal.valueOf(v).setScale(places, mode).doubleValue();
        if (Double.isInfinite(out[p])) {
          throw Errors.overflow("round of " + v + " to " + places + " digits", DataType.FLOAT64);
        }
      }
    }
    return new DoubleColumn(DataType.FLOAT64, out, x.nulls(), x.length());
  }

  /** Rounds to tens, hundreds, ... */
  private static FlatColumn integers(Args x, int places, RoundingMode mode) {
    boolean ints = x.type(0).layout() == Layout.INTS;
    DataType type = x.type(0);
    long[] out = new long[x.length()];
    int[] rows = x.rows();
    for (int i = 0; i < x.rowCount(); i++) {
      int p = rows[i];
      long v = ints ? x.ints(0)[p] : x.longs(0)[p];
      long tens =
          mode != RoundingMode.DOWN
              ? Int128.divideRounding(v, -places)
              : places < -18 ? 0 : v / Int128.ten(-places);
      long r = 0;
      boolean fits = true;
      if (tens != 0) {
        // Not 0, so 10^-places has at most 19 digits.
        BigInteger whole = BigInteger.TEN.pow(-places).multiply(BigInteger.valueOf(tens));
        fits = whole.bitLength() <= (ints ? 31 : 63);
        r = whole.longValue();
      }
      if (!fits) {
        throw Errors.overflow("round of " + v + " to " + places + " digits", type);
      }
      out[p] = r;
    }
    return Integers.column(type, out, x);
  }

  private static FlatColumn decimals(Args x, int places, RoundingMode mode, DataType result) {
    DataType type = x.type(0);
    boolean wide = type.layout() == Layout.PAIRS;
    int keep = Math.min(places, type.scale());
    int drop = type.scale() - keep;
    long[] out = new long[2 * x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      long low = wide ? x.pairs(0)[2 * p + 1] : x.longs(0)[p];
      long high = wide ? x.pairs(0)[2 * p] : low >> 63;
      boolean over;
      if (mode == RoundingMode.HALF_UP && keep >= 0 && keep == result.scale()) {
        Int128.scaleDown(high, low, drop, out, 2 * p);
        over = false;
      } else if (!wide && keep == 0 && result.scale() == 0) {
        long ten = Int128.ten(drop);
        long whole =
            switch (mode) {
              case FLOOR -> Math.floorDiv(low, ten);
              case DOWN -> low / ten;
              default -> -Math.floorDiv(-low, ten);
            };
        out[2 * p] = whole >> 63;
        out[2 * p + 1] = whole;
        over = false;
      } else {
        BigDecimal v = new BigDecimal(HostValues.toBigInteger(high, low), type.scale());
        BigDecimal r = v.setScale(Math.max(keep, -100), mode).setScale(result.scale());
        over = Int128.set(r.unscaledValue(), out, 2 * p);
      }
      if (over || !Int128.fitsDigits(out[2 * p], out[2 * p + 1], result.precision())) {
        throw Errors.overflow("rounding of " + x.value(0, p), result);
      }
    }
    return NumericCasts.ofPairs(result, out, x.nulls(), x.length());
  }
}
