package dev.penstock.sql.calcite;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Conditions with sub-queries in the ON of inner joins move to WHERE: the converter behind makes
 * correlated joins of them whose variables mean the wrong row.
 */
final class OnConditions {
  private OnConditions() {}

  /** Changes the select in place. */
  static void move(SqlSelect select) {
    List<SqlNode> moved = new ArrayList<>();
    take(select.getFrom(), moved);
    if (moved.isEmpty()) {
      return;
    }
    SqlNode where = select.getWhere();
    if (where != null) {
      moved.add(0, where);
    }
    SqlNode all = moved.get(0);
    for (SqlNode next : moved.subList(1, moved.size())) {
      all = SqlStdOperatorTable.AND.createCall(SqlParserPos.ZERO, all, next);
    }
    select.setWhere(all);
  }

  private static void take(@Nullable SqlNode from, List<SqlNode> moved) {
    if (!(from instanceof SqlJoin join)
        || (join.getJoinType() != JoinType.INNER
            && join.getJoinType() != JoinType.CROSS
            && join.getJoinType() != JoinType.COMMA)) {
      return;
    }
    take(join.getLeft(), moved);
    take(join.getRight(), moved);
    SqlNode on = join.getCondition();
    if (join.getConditionType() == JoinConditionType.ON && on != null && hasQuery(on)) {
      moved.add(on);
      join.setOperand(5, SqlLiteral.createBoolean(true, on.getParserPosition()));
    }
  }

  private static boolean hasQuery(@Nullable SqlNode node) {
    if (!(node instanceof SqlCall call)) {
      return node instanceof org.apache.calcite.sql.SqlNodeList list
          && list.stream().anyMatch(OnConditions::hasQuery);
    }
    return call.getKind().belongsTo(SqlKind.QUERY)
        || call.getOperandList().stream().anyMatch(OnConditions::hasQuery);
  }
}
