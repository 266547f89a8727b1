package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Layout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binds {@code + - * /}: chooses the kernel by the types, and casts numbers to what it takes. */
final class Arithmetic {
  private Arithmetic() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String op, List<Expr> args, DataType result) {
    if (args.size() == 1) {
      return negation(op, args.get(0), result);
    }
    Expr a = args.get(0);
    Expr b = args.get(1);
    boolean commutes = op.equals("+") || op.equals("*");
    if (a.type().isNumeric() && b.type().isNumeric()) {
      // Constant loops have the constant on the right.
      boolean swap = commutes && a instanceof LiteralExpr && !(b instanceof LiteralExpr);
      return swap ? numeric(op, b, a, result) : numeric(op, a, b, result);
    }
    boolean pointRight = op.equals("+") && DateArithmetic.isPoint(b.type());
    boolean intervalRight =
        op.equals("*") && b.type().kind() == Kind.INTERVAL && a.type().isNumeric();
    boolean swap = pointRight || intervalRight;
    Expr left = swap ? b : a;
    Expr right = swap ? a : b;
    if (right.type().kind() == Kind.INT32) {
      right = Casts.to(right, DataType.INT64, false);
    }
    CallExpr.Kernel kernel = DateArithmetic.of(op, left.type(), right.type(), result);
    return kernel == null ? null : new CallExpr(result, kernel, List.of(left, right));
  }

  private static @Nullable Expr numeric(String op, Expr a, Expr b, DataType result) {
    if (op.equals("/") || result.kind() == Kind.FLOAT64) {
      List<Expr> floats =
          List.of(Casts.to(a, DataType.FLOAT64, false), Casts.to(b, DataType.FLOAT64, false));
      CallExpr.Kernel kernel =
          switch (op) {
            case "+" -> FloatArithmetic::add;
            case "-" -> FloatArithmetic::subtract;
            case "*" -> FloatArithmetic::multiply;
            default -> FloatArithmetic::divide;
          };
      return new CallExpr(DataType.FLOAT64, kernel, floats);
    }
    if (result.isDecimal()) {
      Expr x = Casts.to(a, CommonType.decimal(a.type()), false);
      Expr y = Casts.to(b, CommonType.decimal(b.type()), false);
      if (!x.type().isDecimal()
          || !y.type().isDecimal()
          || !DecimalArithmetic.takes(op, x.type(), y.type(), result)) {
        return null;
      }
      boolean widerRight = x.type().layout() == Layout.LONGS && y.type().layout() == Layout.PAIRS;
      if (op.equals("*") && widerRight) {
        return numeric(op, y, x, result);
      }
      CallExpr.Kernel kernel =
          op.equals("*")
              ? DecimalArithmetic.product(x.type(), y.type(), result)
              : DecimalArithmetic.sum(x.type(), y.type(), result, op.equals("-"));
      return new CallExpr(result, kernel, List.of(x, y));
    }
    if (a.type().isDecimal() || b.type().isDecimal()) {
      return null;
    }
    List<Expr> fitted = List.of(Casts.to(a, result, false), Casts.to(b, result, false));
    boolean ints = result.kind() == Kind.INT32;
    CallExpr.Kernel kernel =
        switch (op) {
          case "+" -> ints ? IntegerArithmetic::addInts : IntegerArithmetic::addLongs;
          case "-" -> ints ? IntegerArithmetic::subtractInts : IntegerArithmetic::subtractLongs;
          default -> ints ? IntegerArithmetic::multiplyInts : IntegerArithmetic::multiplyLongs;
        };
    return new CallExpr(result, kernel, fitted);
  }

  private static @Nullable Expr negation(String op, Expr a, DataType result) {
    if (!op.equals("-")) {
      return null;
    }
    CallExpr.Kernel kernel =
        switch (a.type().kind()) {
          case INT32 -> IntegerArithmetic::negateInts;
          case INT64 -> IntegerArithmetic::negateLongs;
          case FLOAT64 -> FloatArithmetic::negate;
          case DECIMAL -> x -> DecimalArithmetic.negate(x, result);
          case INTERVAL -> DateArithmetic::negateInterval;
          default -> null;
        };
    return kernel == null || !a.type().equals(result)
        ? null
        : new CallExpr(result, kernel, List.of(a));
  }
}
