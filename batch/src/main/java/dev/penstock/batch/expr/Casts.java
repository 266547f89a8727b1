package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Layout;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code cast} and {@code try-cast}, and the casts that binding adds by itself. */
final class Casts {
  private Casts() {}

  /** The expression as another type; itself when it has that type. */
  static Expr to(Expr e, DataType to, boolean lenient) {
    DataType from = e.type();
    if (from.equals(to)) {
      return e;
    }
    if (from.kind() == Kind.BOOLEAN && (to.isDecimal() || to.kind() == Kind.FLOAT64)) {
      return to(to(e, DataType.INT32, lenient), to, lenient);
    }
    if (to.kind() == Kind.BOOLEAN && (from.isDecimal() || from.kind() == Kind.FLOAT64)) {
      Object zero = from.isDecimal() ? BigDecimal.ZERO.setScale(from.scale()) : (Object) 0.0;
      return Comparisons.of(Comparison.NOT_EQUAL, e, new LiteralExpr(from, zero));
    }
    CallExpr.Kernel kernel = kernel(from, to, lenient);
    if (kernel == null) {
      throw Errors.unsupported(lenient ? "try-cast" : "cast", List.of(e), to);
    }
    return Functions.fold(new CallExpr(to, kernel, List.of(e)));
  }

  private static CallExpr.@Nullable Kernel kernel(DataType from, DataType to, boolean lenient) {
    CallExpr.Kernel kernel = NumericCasts.of(from, to, lenient);
    if (kernel == null) {
      kernel = DateArithmetic.cast(from, to, lenient);
    }
    if (kernel == null && from.layout() == Layout.BYTES) {
      kernel = TextCasts.parse(from, to, lenient);
    }
    if (kernel == null && to.layout() == Layout.BYTES) {
      kernel = TextCasts.print(from, to);
    }
    return kernel;
  }
}
