package dev.penstock.sql.calcite;

import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

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

  /** {@code (s).a}. */
  static SqlNode dot(SqlCall call) {
    SqlParserPos pos = call.getParserPosition();
    return call.operand(1) instanceof SqlIdentifier name && name.isSimple()
        ? Operators.field(
            call.operand(0), SqlLiteral.createCharString(name.getSimple(), "UTF-8", pos), pos)
        : call;
  }

  /** {@code x = ANY(list)} and {@code x <> ALL(list)}; others, and those of queries, stay. */
  static SqlNode quantified(SqlCall call) {
    SqlQuantifyOperator operator = (SqlQuantifyOperator) call.getOperator();
    SqlNode list = call.operand(1);
    if (list instanceof SqlNodeList one && one.size() == 1) {
      list = one.get(0);
    }
    boolean values = list instanceof SqlNodeList || list.getKind().belongsTo(SqlKind.QUERY);
    boolean any = operator.getKind() == SqlKind.SOME && operator.comparisonKind == SqlKind.EQUALS;
    boolean none =
        operator.getKind() == SqlKind.ALL && operator.comparisonKind == SqlKind.NOT_EQUALS;
    if (values || !(any || none)) {
      return call;
    }
    SqlNode has = Respell.named("LIST_CONTAINS", call, list, call.operand(0));
    return any ? has : SqlStdOperatorTable.NOT.createCall(call.getParserPosition(), has);
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
