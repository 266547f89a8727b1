package dev.penstock.sql.calcite;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * GROUPING SETS with a set that comes twice, above sub-queries: Calcite would make a union of it,
 * of which sub-queries take the wrong columns. The second one is given one more key, a constant.
 */
final class DuplicateSets {
  private DuplicateSets() {}

  static void rewrite(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    if (group == null || !(hasQuery(select.getSelectList()) || hasQuery(select.getHaving()))) {
      return;
    }
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode item : group) {
      items.add(item.getKind() == SqlKind.GROUPING_SETS ? unequal((SqlCall) item) : item);
    }
    select.setGroupBy(new SqlNodeList(items, group.getParserPosition()));
  }

  private static SqlNode unequal(SqlCall sets) {
    Set<String> seen = new HashSet<>();
    List<SqlNode> out = new ArrayList<>();
    for (SqlNode set : sets.getOperandList()) {
      List<SqlNode> keys = keys(set);
      if (keys.isEmpty()) { // it has a row even if there is none to group
        out.add(set);
        continue;
      }
      Set<String> names = new TreeSet<>();
      keys.forEach(key -> names.add(key.toString()));
      SqlParserPos pos = set.getParserPosition();
      int more = 0;
      while (!seen.add(names + " " + more)) {
        more++;
      }
      if (more > 0) {
        List<SqlNode> longer = new ArrayList<>(keys);
        for (int i = 0; i < more; i++) {
          longer.add(
              SqlStdOperatorTable.PLUS.createCall(
                  pos,
                  SqlLiteral.createExactNumeric("0", pos),
                  SqlLiteral.createExactNumeric(String.valueOf(i), pos)));
        }
        out.add(SqlStdOperatorTable.ROW.createCall(pos, longer));
      } else {
        out.add(set);
      }
    }
    return sets.getOperator().createCall(sets.getParserPosition(), out);
  }

  private static List<SqlNode> keys(SqlNode set) {
    if (set instanceof SqlNodeList list) {
      return list.getList();
    }
    return set.getKind() == SqlKind.ROW ? ((SqlCall) set).getOperandList() : List.of(set);
  }

  private static boolean hasQuery(@Nullable SqlNode node) {
    boolean[] found = {false};
    if (node != null) {
      node.accept(
          new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
              found[0] |= call instanceof SqlSelect;
              return found[0] ? null : super.visit(call);
            }
          });
    }
    return found[0];
  }
}
