package dev.penstock.sql.calcite;

import dev.penstock.sql.NullOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.Optionality;

/** Aggregates with an ORDER BY of their own. */
final class OrderedCalls {
  private OrderedCalls() {}

  /** {@code f(x ORDER BY y)} is {@code f(x) WITHIN GROUP (ORDER BY y)}. */
  static SqlCall within(SqlCall call) {
    int n = call.operandCount();
    if (n < 2
        || !(call.getOperator() instanceof SqlFunction)
        || !(call.operand(n - 1) instanceof SqlNodeList order)) {
      return call;
    }
    SqlNode plain =
        call.getOperator()
            .createCall(
                call.getFunctionQuantifier(),
                call.getParserPosition(),
                call.getOperandList().subList(0, n - 1).toArray(SqlNode[]::new));
    return SqlStdOperatorTable.WITHIN_GROUP.createCall(call.getParserPosition(), plain, order);
  }

  /**
   * WITHIN GROUP as the engine has it: {@code percentile_disc(share)} and {@code mode()} have what
   * is ordered as their argument, and the order of what does not depend on it is dropped.
   */
  static SqlNode settled(SqlCall within, NullOrder nulls) {
    if (!(within.operand(0) instanceof SqlCall call)
        || !(within.operand(1) instanceof SqlNodeList order)
        || !(Operators.TABLE.own(call.getOperator().getName()) instanceof PlanAggregate own)) {
      return within;
    }
    String name = own.planName();
    List<SqlNode> args = new ArrayList<>(call.getOperandList());
    boolean ofOrder =
        name.equals("mode") && args.isEmpty() || name.startsWith("percentile") && args.size() == 1;
    if (ofOrder && order.size() == 1) {
      SqlNode item = order.get(0);
      boolean descending = false;
      while (item.getKind() == SqlKind.DESCENDING
          || item.getKind() == SqlKind.NULLS_FIRST
          || item.getKind() == SqlKind.NULLS_LAST) {
        descending |= item.getKind() == SqlKind.DESCENDING;
        item = ((SqlCall) item).operand(0);
      }
      args.add(0, item);
      if (descending && args.size() > 1) {
        args.add(SqlLiteral.createBoolean(true, item.getParserPosition()));
      }
    } else if (own.requiresGroupOrder() != Optionality.FORBIDDEN) {
      return within
          .getOperator()
          .createCall(within.getParserPosition(), call, withNulls(order, nulls));
    }
    return own.createCall(
        call.getFunctionQuantifier(), call.getParserPosition(), args.toArray(SqlNode[]::new));
  }

  /** With the place of nulls at each item: the converter behind has one of its own. */
  private static SqlNodeList withNulls(SqlNodeList order, NullOrder nulls) {
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode item : order) {
      boolean descending = item.getKind() == SqlKind.DESCENDING;
      boolean first =
          switch (nulls) {
            case FIRST -> true;
            case LAST -> false;
            case LOWEST -> !descending;
            case HIGHEST -> descending;
          };
      boolean said = item.getKind() == SqlKind.NULLS_FIRST || item.getKind() == SqlKind.NULLS_LAST;
      SqlOperator direction =
          first ? SqlStdOperatorTable.NULLS_FIRST : SqlStdOperatorTable.NULLS_LAST;
      items.add(said ? item : direction.createCall(item.getParserPosition(), item));
    }
    return new SqlNodeList(items, order.getParserPosition());
  }
}
