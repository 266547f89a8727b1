package dev.penstock.sql.calcite;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Comparator;
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
 * GROUPING SETS below sub-queries of the select list or of HAVING, as Calcite needs them. It counts
 * the keys that a sub-query refers to as they are written, with those that come again: so all keys
 * must come before one comes again.
 *
 * <pre>
 * ((a), (a, b), (a, b))   ->   ((a, b), (a), (a, b, 0 + 0))
 * </pre>
 *
 * <p>A set that comes twice would become a union with other columns: the second one is given one
 * more key, a constant.
 */
final class GroupingSets {
  private GroupingSets() {}

  /** The query with such sets in sub-selects of their own; where that cannot be, as said above. */
  static SqlNode in(SqlNode query) {
    SqlNode nested = NestedGroups.ofSets(query);
    nested.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call instanceof SqlSelect select) {
              rewrite(select);
            }
            return super.visit(call);
          }
        });
    return nested;
  }

  /** Has the select GROUPING SETS, ROLLUP or CUBE, and a sub-query above them? */
  static boolean areBelowQuery(SqlSelect select, SqlNodeList order) {
    SqlNodeList group = select.getGroup();
    return group != null
        && group.stream().anyMatch(GroupingSets::isNested)
        && (hasQuery(select.getSelectList())
            || hasQuery(select.getHaving())
            || hasQuery(select.getQualify())
            || hasQuery(order));
  }

  private static void rewrite(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    if (group == null || !(hasQuery(select.getSelectList()) || hasQuery(select.getHaving()))) {
      return;
    }
    List<SqlNode> items = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (SqlNode item : group) {
      SqlNode now =
          item.getKind() == SqlKind.GROUPING_SETS
              ? newKeysFirst(unequal((SqlCall) item), known)
              : item;
      occurrences(now).forEach(key -> known.add(key.toString()));
      items.add(now);
    }
    List<String> order = new ArrayList<>();
    items.forEach(item -> occurrences(item).forEach(key -> order.add(key.toString())));
    if (known.size() > new HashSet<>(order.subList(0, known.size())).size()) {
      throw PenstockException.unsupported(
          "sql-grouping-sets",
          "a sub-query above these GROUPING SETS: put the grouping into a sub-select");
    }
    select.setGroupBy(new SqlNodeList(items, group.getParserPosition()));
  }

  private static SqlCall unequal(SqlCall sets) {
    Set<String> seen = new HashSet<>();
    List<SqlNode> out = new ArrayList<>();
    for (SqlNode set : sets.getOperandList()) {
      List<SqlNode> keys = keys(set);
      if (keys.isEmpty()
          || isNested(set)) { // an empty one has a row even if there is none to group
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
      List<SqlNode> longer = new ArrayList<>(keys);
      for (int i = 0; i < more; i++) {
        longer.add(
            SqlStdOperatorTable.PLUS.createCall(
                pos,
                SqlLiteral.createExactNumeric("0", pos),
                SqlLiteral.createExactNumeric(String.valueOf(i), pos)));
      }
      out.add(more == 0 ? set : SqlStdOperatorTable.ROW.createCall(pos, longer));
    }
    return sets.getOperator().createCall(sets.getParserPosition(), out);
  }

  /** The sets with most keys first, and in each the keys that have not come yet. */
  private static SqlNode newKeysFirst(SqlCall sets, Set<String> before) {
    Set<String> known = new HashSet<>(before);
    List<SqlNode> byLength = new ArrayList<>(sets.getOperandList());
    byLength.sort(Comparator.comparingInt((SqlNode set) -> -keys(set).size()));
    List<SqlNode> out = new ArrayList<>();
    for (SqlNode set : byLength) {
      List<SqlNode> keys = new ArrayList<>(keys(set));
      if (keys.size() < 2 || isNested(set)) {
        out.add(set);
      } else {
        keys.sort(Comparator.comparing((SqlNode key) -> known.contains(key.toString())));
        out.add(SqlStdOperatorTable.ROW.createCall(set.getParserPosition(), keys));
      }
      occurrences(set).forEach(key -> known.add(key.toString()));
    }
    return sets.getOperator().createCall(sets.getParserPosition(), out);
  }

  /** ROLLUP, CUBE or GROUPING SETS. */
  static boolean isNested(SqlNode item) {
    return item.getKind() == SqlKind.ROLLUP
        || item.getKind() == SqlKind.CUBE
        || item.getKind() == SqlKind.GROUPING_SETS;
  }

  private static List<SqlNode> keys(SqlNode set) {
    if (set instanceof SqlNodeList list) {
      return list.getList();
    }
    return set.getKind() == SqlKind.ROW ? ((SqlCall) set).getOperandList() : List.of(set);
  }

  /** The keys as they are written, one after the other. */
  private static List<SqlNode> occurrences(SqlNode item) {
    if (isNested(item)) {
      List<SqlNode> out = new ArrayList<>();
      ((SqlCall) item).getOperandList().forEach(part -> out.addAll(occurrences(part)));
      return out;
    }
    return keys(item);
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
