package dev.penstock.sql.calcite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * A select with groups as a select over a sub-select that has the groups:
 *
 * <pre>
 * SELECT f(k, sum(x)) FROM t GROUP BY k HAVING h QUALIFY q
 * SELECT f(g.k, g.s) FROM (SELECT k, sum(x) AS s FROM t GROUP BY k) AS g WHERE h QUALIFY q
 * </pre>
 *
 * <p>The validator behind does not take everything beside GROUP BY that it takes without: windows,
 * outer columns, orders of aggregates. So what it refuses is tried once more in this form. One use.
 */
final class NestedGroups extends SqlShuttle {
  private final boolean onlySets;
  private final String prefix;
  private int made;
  private int depth;

  private NestedGroups(boolean onlySets, String prefix) {
    this.onlySets = onlySets;
    this.prefix = prefix;
  }

  /** The query with its groups nested; null if there is nothing to nest. */
  static @Nullable SqlNode of(SqlNode query) {
    NestedGroups g = new NestedGroups(false, "$group");
    SqlNode nested = query.accept(g);
    return g.made == 0 ? null : nested;
  }

  /** The same for GROUPING SETS below sub-queries alone, where that can be done; else the query. */
  static SqlNode ofSets(SqlNode query) {
    return Objects.requireNonNull(query.accept(new NestedGroups(true, "$sets")));
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call instanceof SqlOrderBy order) {
      SqlSelect select = body(order.query);
      if (select != null) {
        SqlOrderBy inner = (SqlOrderBy) Objects.requireNonNull(below(order));
        SqlNodeList keys = inner.orderList;
        SqlSelect innermost = Objects.requireNonNull(body(inner.query));
        NestedSelect made = nested(innermost, keys);
        return made == null
            ? inner
            : new SqlOrderBy(
                inner.getParserPosition(),
                withBody(inner.query, made.select()),
                made.order(),
                inner.offset,
                inner.fetch);
      }
    }
    SqlNode inner = below(call);
    if (inner instanceof SqlSelect select && !(ordered == call)) {
      NestedSelect made = nested(select, SqlNodeList.EMPTY);
      return made == null ? inner : made.select();
    }
    return inner;
  }

  /** The select whose ORDER BY is treated with it. */
  private @Nullable SqlNode ordered;

  private @Nullable SqlNode below(SqlCall call) {
    SqlNode before = ordered;
    if (call instanceof SqlOrderBy order) {
      ordered = body(order.query);
    }
    depth += call instanceof SqlSelect ? 1 : 0;
    CallCopyingArgHandler copy = new CallCopyingArgHandler(call, true);
    call.getOperator().acceptCall(this, call, false, copy);
    depth -= call instanceof SqlSelect ? 1 : 0;
    ordered = before;
    return copy.result();
  }

  private static @Nullable SqlSelect body(SqlNode query) {
    return query instanceof SqlSelect select
        ? select
        : query instanceof SqlWith with ? body(with.body) : null;
  }

  private static SqlNode withBody(SqlNode query, SqlSelect body) {
    return query instanceof SqlWith with
        ? new SqlWith(with.getParserPosition(), with.withList, withBody(with.body, body))
        : body;
  }

  /** A select over its groups, and its ORDER BY. */
  private record NestedSelect(SqlSelect select, SqlNodeList order) {}

  private @Nullable NestedSelect nested(SqlSelect select, SqlNodeList order) {
    boolean grouped =
        onlySets ? GroupingSets.areBelowQuery(select, order) : isGrouped(select, order);
    if (!grouped && !(!onlySets && select.isDistinct() && holdsWindow(select.getSelectList()))) {
      return null;
    }
    try {
      NestedSelect out = grouped ? nest(select, order) : new NestedSelect(select, order);
      if (select.isDistinct()) {
        out = distinct(out);
      }
      made++;
      return out;
    } catch (GroupColumns.Untold e) {
      return null;
    }
  }

  /** DISTINCT over a sub-select without it. */
  private NestedSelect distinct(NestedSelect over) {
    SqlSelect all = over.select();
    SqlParserPos pos = all.getParserPosition();
    SelectItems items = SelectItems.of(all.getSelectList());
    String alias = "$all" + made;
    List<SqlNode> inner = new ArrayList<>();
    List<SqlNode> outer = new ArrayList<>();
    for (int i = 0; i < items.names().size(); i++) {
      SqlNode e = items.expressions().get(i);
      inner.add(GroupColumns.named(e, "$" + i));
      SqlNode column = new SqlIdentifier(List.of(alias, "$" + i), e.getParserPosition());
      outer.add(GroupColumns.named(column, items.names().get(i)));
    }
    List<SqlNode> order = new ArrayList<>();
    for (SqlNode item : over.order()) {
      order.add(columnOf(item, items, outer));
    }
    all.setSelectList(new SqlNodeList(inner, pos));
    all.setOperand(0, SqlNodeList.EMPTY);
    SqlSelect select =
        new SqlSelect(
            pos,
            SqlNodeList.of(SqlSelectKeyword.DISTINCT.symbol(pos)),
            new SqlNodeList(outer, pos),
            SqlStdOperatorTable.AS.createCall(pos, all, new SqlIdentifier(alias, pos)),
            null,
            null,
            null,
            SqlNodeList.EMPTY,
            null,
            null,
            all.getOffset(),
            all.getFetch(),
            null);
    return new NestedSelect(select, new SqlNodeList(order, over.order().getParserPosition()));
  }

  /** An item of ORDER BY over the columns of the sub-select. */
  private static SqlNode columnOf(SqlNode item, SelectItems items, List<SqlNode> outer) {
    if (sorted(item) != item) {
      SqlCall call = (SqlCall) item;
      return call.getOperator()
          .createCall(call.getParserPosition(), columnOf(call.operand(0), items, outer));
    }
    if (item instanceof SqlNumericLiteral || items.isAlias(item)) {
      return item;
    }
    for (int i = 0; i < outer.size(); i++) {
      if (SameExpression.of(items.expressions().get(i), item, true)) {
        return ((SqlCall) outer.get(i)).operand(0);
      }
    }
    throw new GroupColumns.Untold();
  }

  private static boolean holdsWindow(@Nullable SqlNode node) {
    return node instanceof SqlNodeList list
        ? list.stream().anyMatch(NestedGroups::holdsWindow)
        : node instanceof SqlCall call
            && !call.getKind().belongsTo(SqlKind.QUERY)
            && (call.getKind() == SqlKind.OVER
                || call.getOperandList().stream().anyMatch(NestedGroups::holdsWindow));
  }

  private NestedSelect nest(SqlSelect select, SqlNodeList order) {
    String alias = prefix + made;
    GroupColumns groups = new GroupColumns(alias, select.getFrom(), depth > 0);
    SelectItems items = SelectItems.of(select.getSelectList());
    SqlNodeList keys = select.getGroup() == null ? null : keys(select.getGroup(), items);
    if (keys != null) {
      keys.forEach(k -> leaves(k, groups));
    }
    groups.names(items.aliases());
    SqlNode where = select.getHaving() == null ? null : groups.over(select.getHaving());
    groups.names(items.identities());
    List<SqlNode> outer = new ArrayList<>();
    for (int i = 0; i < items.names().size(); i++) {
      SqlNode e = groups.over(items.expressions().get(i));
      outer.add(GroupColumns.named(e, items.names().get(i)));
    }
    SqlNode qualify = select.getQualify() == null ? null : groups.over(select.getQualify());
    SqlNodeList windows = (SqlNodeList) groups.over(select.getWindowList());
    SqlNodeList newOrder = order(order, items, groups);
    SqlParserPos pos = select.getParserPosition();
    SqlSelect inner =
        new SqlSelect(
            pos,
            null,
            groups.items(),
            select.getFrom(),
            select.getWhere(),
            keys,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    SqlSelect over =
        new SqlSelect(
            pos,
            null,
            new SqlNodeList(outer, select.getSelectList().getParserPosition()),
            SqlStdOperatorTable.AS.createCall(pos, inner, new SqlIdentifier(alias, pos)),
            where,
            null,
            null,
            windows,
            qualify,
            null,
            select.getOffset(),
            select.getFetch(),
            null);
    return new NestedSelect(over, newOrder);
  }

  private static SqlNodeList order(SqlNodeList order, SelectItems items, GroupColumns groups) {
    List<SqlNode> out = new ArrayList<>();
    for (SqlNode item : order) {
      out.add(items.isAlias(sorted(item)) ? byPosition(item, items) : groups.over(item));
    }
    return new SqlNodeList(out, order.getParserPosition());
  }

  /** By position: of two names for one column, the validator's converter knows but one. */
  private static SqlNode byPosition(SqlNode item, SelectItems items) {
    if (sorted(item) != item) {
      SqlCall call = (SqlCall) item;
      return call.getOperator()
          .createCall(call.getParserPosition(), byPosition(call.operand(0), items));
    }
    int i = items.position(((SqlIdentifier) item).getSimple());
    return i < 0
        ? item
        : SqlLiteral.createExactNumeric(String.valueOf(i + 1), item.getParserPosition());
  }

  /** What an item of ORDER BY sorts by. */
  private static SqlNode sorted(SqlNode item) {
    return switch (item.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> sorted(((SqlCall) item).operand(0));
      default -> item;
    };
  }

  /** Keys with positions and names of the select list put in. */
  private static SqlNodeList keys(SqlNodeList group, SelectItems items) {
    List<SqlNode> out = new ArrayList<>();
    for (SqlNode key : group) {
      if (key instanceof SqlNumericLiteral n && n.isInteger()) {
        int i = n.intValue(true);
        if (i < 1 || i > items.names().size()) {
          throw new GroupColumns.Untold();
        }
        out.add(items.expressions().get(i - 1));
      } else if (key instanceof SqlNumericLiteral) {
        // the validator takes any number for a position
        SqlOperator coalesce = Objects.requireNonNull(Operators.TABLE.own("COALESCE"));
        out.add(coalesce.createCall(key.getParserPosition(), key));
      } else if (key instanceof SqlIdentifier id && id.isSimple()) {
        SqlNode named = items.aliases().get(id.getSimple().toLowerCase(Locale.ROOT));
        if (named != null && !SameExpression.of(named, id, true)) {
          // a column of that name would come first, and there is no telling
          throw new GroupColumns.Untold();
        }
        out.add(key);
      } else {
        out.add(key);
      }
    }
    return new SqlNodeList(out, group.getParserPosition());
  }

  private static void leaves(SqlNode key, GroupColumns groups) {
    switch (key.getKind()) {
      case ROLLUP, CUBE, GROUPING_SETS, ROW ->
          ((SqlCall) key).getOperandList().forEach(k -> leaves(k, groups));
      default -> {
        if (key instanceof SqlNodeList list) {
          list.forEach(k -> leaves(k, groups));
        } else {
          groups.key(key);
        }
      }
    }
  }

  private static boolean isGrouped(SqlSelect select, SqlNodeList order) {
    return select.getGroup() != null
        || hasAggregate(select.getSelectList())
        || hasAggregate(select.getHaving())
        || hasAggregate(select.getQualify())
        || hasAggregate(select.getWindowList())
        || hasAggregate(order);
  }

  private static boolean hasAggregate(@Nullable SqlNode node) {
    if (node instanceof SqlNodeList list) {
      return list.stream().anyMatch(NestedGroups::hasAggregate);
    }
    if (!(node instanceof SqlCall call) || call.getKind().belongsTo(SqlKind.QUERY)) {
      return false;
    }
    if (call.getKind() == SqlKind.OVER) {
      return hasAggregate(call.operand(1))
          || call.operand(0) instanceof SqlCall f
              && f.getOperandList().stream().anyMatch(NestedGroups::hasAggregate);
    }
    return GroupColumns.isAggregate(call)
        || call.getOperandList().stream().anyMatch(NestedGroups::hasAggregate);
  }
}
