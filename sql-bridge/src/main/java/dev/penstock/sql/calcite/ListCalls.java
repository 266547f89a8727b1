package dev.penstock.sql.calcite;

import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;

/** Syntax of lists as calls of the engine's functions. */
final class ListCalls {
  private ListCalls() {}

  /** {@code x[i]} and {@code x[a:b]}. */
  static SqlNode item(SqlCall call) {
    return call.operand(1) instanceof SqlCall bounds
            && bounds.getOperator().getName().equals("$bounds")
        ? Respell.named("$SLICE", call, call.operand(0), bounds.operand(0), bounds.operand(1))
        : Respell.named("ARRAY_EXTRACT", call, call.operand(0), call.operand(1));
  }

  /** {@code unnest(range(a, b))} is the series itself. */
  static SqlNode unnest(SqlCall call) {
    String list =
        call.operandCount() == 1 && call.operand(0) instanceof SqlCall inner
            ? inner.getOperator().getName().toUpperCase(Locale.ROOT)
            : "";
    boolean series = list.equals("GENERATE_SERIES");
    return series || list.equals("RANGE")
        ? Respell.named(
            series ? "$SERIES" : "$RANGE",
            call,
            call.<SqlCall>operand(0).getOperandList().toArray(SqlNode[]::new))
        : Respell.named("UNNEST", call, call.operand(0));
  }
}
