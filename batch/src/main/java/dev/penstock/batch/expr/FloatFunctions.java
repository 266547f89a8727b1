package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Functions of float64: roots, powers, logarithms, angles, {@code even}, {@code pi}. An argument
 * outside of a function's domain is an error: a NaN that does not come from a NaN, an infinity that
 * comes from finite numbers.
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
          Map.entry("atan", new Unary(Math::atan, "a number")),
          Map.entry("log2", new Unary(FloatFunctions::log2, "a number above 0")),
          Map.entry("cbrt", new Unary(Math::cbrt, "a number")),
          Map.entry("sinh", new Unary(Math::sinh, "a number from -710.47 to 710.47")),
          Map.entry("cosh", new Unary(Math::cosh, "a number from -710.47 to 710.47")),
          Map.entry("tanh", new Unary(Math::tanh, "a number")),
          Map.entry("asinh", new Unary(FloatFunctions::asinh, "a number")),
          Map.entry("acosh", new Unary(FloatFunctions::acosh, "a number from 1")),
          Map.entry("atanh", new Unary(FloatFunctions::atanh, "a number between -1 and 1")),
          Map.entry("cot", new Unary(v -> 1 / Math.tan(v), "a finite number that is not 0")),
          Map.entry("degrees", new Unary(Math::toDegrees, "radians whose degrees are finite")),
          Map.entry("radians", new Unary(Math::toRadians, "a number")),
          Map.entry("even", new Unary(FloatFunctions::even, "a number")));

  private record Binary(DoubleBinaryOperator function, String domain) {}

  private static final Map<String, Binary> BINARY =
      Map.of(
          "power", new Binary(Math::pow, "numbers whose power is a finite number"),
          "log",
              new Binary(
                  (b, v) -> b <= 0 ? Double.NaN : Math.log10(v) / Math.log10(b),
                  "a base above 0 that is not 1, and a number above 0"),
          "atan2", new Binary(Math::atan2, "numbers"));

  static final Set<String> NAMES = names();

  private static Set<String> names() {
    Set<String> names = new HashSet<>(UNARY.keySet());
    names.addAll(BINARY.keySet());
    names.add("pi");
    return names;
  }

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
    Binary binary = BINARY.get(fn);
    return binary == null ? null : new CallExpr(result, x -> apply(fn, binary, x), floats);
  }

  /** Exact for powers of two. */
  private static double log2(double v) {
    int exponent = Math.getExponent(v);
    return v > 0 && exponent >= Double.MIN_EXPONENT && v == Math.scalb(1.0, exponent)
        ? exponent
        : Math.log(v) / Math.log(2);
  }

  private static double asinh(double v) {
    double a = Math.abs(v);
    // Beyond 1e9 the 1 under the root counts no more, and the square could overflow.
    double r = a > 1e9 ? Math.log(a) + Math.log(2) : Math.log1p(a + a * a / (1 + Math.hypot(1, a)));
    return Math.copySign(r, v);
  }

  private static double acosh(double v) {
    double above = v - 1;
    return v > 1e9
        ? Math.log(v) + Math.log(2)
        : Math.log1p(above + Math.sqrt(2 * above + above * above));
  }

  private static double atanh(double v) {
    return Math.copySign(0.5 * Math.log1p(2 * Math.abs(v) / (1 - Math.abs(v))), v);
  }

  /** The next even whole number away from zero. */
  private static double even(double v) {
    double whole = v < 0 ? Math.floor(v) : Math.ceil(v);
    return whole % 2 == 0 || !Double.isFinite(whole) ? whole : whole + Math.signum(whole);
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

  private static FlatColumn apply(String fn, Binary binary, Args x) {
    DoubleBinaryOperator function = binary.function;
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
        throw Errors.badArgument(fn, x, p, binary.domain);
      }
      out[p] = r;
    }
    return new DoubleColumn(DataType.FLOAT64, out, x.nulls(), x.length());
  }
}
