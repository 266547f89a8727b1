package dev.penstock.sql.calcite;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;

/**
 * Which parameters a plan may hold for all of their values: operands of operators whose type and
 * meaning go by the types of their operands alone. Elsewhere (LIMIT, places of ROUND, parts of
 * dates, ORDER BY ...) the value is part of the plan.
 */
final class FreeParameters {
  private static final Set<SqlKind> KINDS =
      EnumSet.of(
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IS_DISTINCT_FROM,
          SqlKind.IS_NOT_DISTINCT_FROM,
          SqlKind.BETWEEN,
          SqlKind.IN,
          SqlKind.NOT_IN,
          SqlKind.LIKE,
          SqlKind.PLUS,
          SqlKind.MINUS,
          SqlKind.TIMES,
          SqlKind.DIVIDE,
          SqlKind.CASE,
          SqlKind.CAST,
          SqlKind.SAFE_CAST);

  private static final Set<String> FUNCTIONS =
      Set.of(
          "||",
          "LOWER",
          "UPPER",
          "LENGTH",
          "ABS",
          "COALESCE",
          "IFNULL",
          "NVL",
          "NULLIF",
          "CONCAT",
          "CONTAINS",
          "STARTS_WITH",
          "ENDS_WITH",
          "PREFIX",
          "SUFFIX",
          "GREATEST",
          "LEAST");

  private FreeParameters() {}

  /** Adds those that are operands of a call itself. */
  static void of(SqlCall call, Set<SqlDynamicParam> free) {
    boolean named =
        call.getOperator() instanceof SqlFunction || call.getOperator().getName().equals("||");
    if (KINDS.contains(call.getKind())
        || (named && FUNCTIONS.contains(call.getOperator().getName().toUpperCase(Locale.ROOT)))) {
      call.getOperandList().forEach(o -> add(o, free));
    }
  }

  private static void add(SqlNode operand, Set<SqlDynamicParam> free) {
    if (operand instanceof SqlDynamicParam param) {
      free.add(param);
    } else if (operand instanceof SqlNodeList list) {
      list.forEach(o -> add(o, free));
    }
  }
}
