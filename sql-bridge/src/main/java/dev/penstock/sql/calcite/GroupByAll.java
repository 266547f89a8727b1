package dev.penstock.sql.calcite;

import dev.penstock.sql.text.Spelling;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.jspecify.annotations.Nullable;

/** {@code GROUP BY ALL}: every item of the select list that holds no aggregate is a key. */
final class GroupByAll {
  private GroupByAll() {}

  /** Changes the select in place. */
  static void rewrite(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    if (group == null || !is(select)) {
      return;
    }
    List<SqlNode> keys = new ArrayList<>();
    for (SqlNode item : select.getSelectList()) {
      SqlNode e = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
      if (!hasAggregate(e)) {
        keys.add(e);
      }
    }
    select.setGroupBy(new SqlNodeList(keys, group.getParserPosition()));
  }

  static boolean is(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    return group != null
        && group.size() == 1
        && group.get(0) instanceof SqlIdentifier id
        && id.isSimple()
        && id.getSimple().equals(Spelling.ALL_COLUMNS);
  }

  private static boolean hasAggregate(@Nullable SqlNode node) {
    if (!(node instanceof SqlCall call)
        || call instanceof SqlSelect
        || call.getKind() == SqlKind.OVER) {
      return false;
    }
    String name = call.getOperator().getName();
    return name.equalsIgnoreCase("COUNT")
        || Operators.TABLE.own(name) instanceof PlanAggregate
        || call.getOperandList().stream().anyMatch(GroupByAll::hasAggregate);
  }
}
