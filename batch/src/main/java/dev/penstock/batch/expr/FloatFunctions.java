package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code sqrt exp ln log10 power sin cos tan asin acos atan atan2 pi}. An argument outside of a
 * function's domain is an error: a NaN that does not come from a NaN, an infinity that comes from
 * finite numbers.
 */
final class FloatFunctions {
  private record Unary(DoubleUnaryOperator function, String domain) {}

  private static final Map<String, Unary> UNARY =
      Map.ofEntries(
          Map.entry("sqrt", new Unary(Math::sqrt, "a number from 0")),
          Map.entry("exp", new Unary(Math::exp, "a number up to 709.78, as float64 ends there")),
          Map.entry("ln", new Unary(Math::log, "a number above 0")),
          Map.entry("log10", new Unary(Math::log10, "a number above 0")),
          Map.entry("sin", new Unary(Math::sin, "a finite number")),
          Map.entry("cos", new Unary(Math::cos, "a finite number")),
          Map.entry("tan", new Unary(Math::tan, "a finite number")),
          Map.entry("asin", new Unary(Math::asin, "a number from -1 to 1")),
          Map.entry("acos", new Unary(Math::acos, "a number from -1 to 1")),
          Map.entry("atan", new Unary(Math::atan, "a number")));

  static final List<String> NAMES =
      List.of(
          "sqrt", "exp", "ln", "log10", "power", "sin", "cos", "tan", "asin", "acos", "atan",
          "atan2", "pi");

  private FloatFunctions() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    if (fn.equals("pi")) {
      return args.isEmpty() ? new LiteralExpr(DataType.FLOAT64, Math.PI) : null;
    }
    for (Expr e : args) {
      if (!e.type().isNumeric()) {
        return null;
      }
    }
    Unary unary = UNARY.get(fn);
    if (args.size() != (unary != null ? 1 : 2)) {
      return null;
    }
    List<Expr> floats = args.stream().map(e -> Casts.to(e, DataType.FLOAT64, false)).toList();
    if (unary != null) {
      return new CallExpr(result, x -> apply(fn, unary, x), floats);
    }
    DoubleBinaryOperator binary = fn.equals("power") ? Math::pow : Math::atan2;
    return new CallExpr(result, x -> apply(fn, binary, x), floats);
  }

  private static FlatColumn apply(String fn, Unary unary, Args x) {
    double[] a = x.doubles(0);
    double[] out = new double[x.length()];
    DoubleUnaryOperator function = unary.function;
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      double r = function.applyAsDouble(a[p]);
      if (!Double.isFinite(r) && (Double.isNaN(r) ? !Double.isNaN(a[p]) : Double.isFinite(a[p]))) {
        throw Errors.badArgument(fn, x, p, unary.domain);
      }
      out[p] = r;
    }
    return new DoubleColumn(DataType.FLOAT64, out, x.nulls(), x.length());
  }

  private static FlatColumn apply(String fn, DoubleBinaryOperator function, Args x) {
    double[] a = x.doubles(0);
    double[] b = x.doubles(1);
    int am = x.mask(0);
    int bm = x.mask(1);
    double[] out = new double[x.length()];
    int[] rows = x.rows();
    int n = x.rowCount();
    for (int i = 0; i < n; i++) {
      int p = rows[i];
      double u = a[p & am];
      double v = b[p & bm];
      double r = function.applyAsDouble(u, v);
      boolean bad =
          Double.isNaN(r)
              ? !Double.isNaN(u) && !Double.isNaN(v)
              : Double.isInfinite(r) && Double.isFinite(u) && Double.isFinite(v);
      if (bad) {
        throw Errors.badArgument(fn, x, p, "numbers whose power is a finite number");
      }
      out[p] = r;
    }
    return new DoubleColumn(DataType.FLOAT64, out, x.nulls(), x.length());
  }
}
