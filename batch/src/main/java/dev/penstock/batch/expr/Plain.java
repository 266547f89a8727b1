package dev.penstock.batch.expr;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A strict function of fixed kinds of arguments, the last ones optional. An int32 stands for an
 * int64, any number for a float64.
 */
record Plain(DataType result, int required, List<Kind> kinds, CallExpr.Kernel kernel)
    implements Families.Binder {

  /** All arguments are required. */
  static Plain of(DataType result, CallExpr.Kernel kernel, Kind... kinds) {
    return new Plain(result, kinds.length, List.of(kinds), kernel);
  }

  static Plain of(DataType result, int required, CallExpr.Kernel kernel, Kind... kinds) {
    return new Plain(result, required, List.of(kinds), kernel);
  }

  @Override
  public @Nullable Expr bind(String fn, List<Expr> args, DataType wanted) {
    if (args.size() < required || args.size() > kinds.size() || !wanted.equals(result)) {
      return null;
    }
    List<Expr> fitted = new ArrayList<>();
    for (int k = 0; k < args.size(); k++) {
      Expr e = args.get(k);
      Kind kind = kinds.get(k);
      if (kind == Kind.INT64 && e.type().kind() == Kind.INT32) {
        e = Casts.to(e, DataType.INT64, false);
      } else if (kind == Kind.FLOAT64 && e.type().isNumeric()) {
        e = Casts.to(e, DataType.FLOAT64, false);
      }
      if (e.type().kind() != kind) {
        return null;
      }
      fitted.add(e);
    }
    return new CallExpr(result, kernel, fitted);
  }
}
