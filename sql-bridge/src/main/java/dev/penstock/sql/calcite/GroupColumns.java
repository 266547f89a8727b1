package dev.penstock.sql.calcite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/**
 * Expressions over groups as expressions over the rows of a sub-select that has the groups: keys
 * and aggregates become its columns.
 */
final class GroupColumns extends SqlShuttle {
  /** An expression over groups that cannot be told. */
  static final class Untold extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Untold() {
      super(null, null, false, false);
    }
  }

  private final String alias;
  private final boolean suffixes;
  private final boolean inQuery;
  private final Set<String> tables;
  private final Map<SqlNode, String> keys = new LinkedHashMap<>();
  private final Map<SqlNode, String> aggregates = new LinkedHashMap<>();

  /** Names of the select list that may stand here: what they mean, or themselves. */
  private Map<String, SqlNode> names = Map.of();

  /** Tables of the sub-queries around: what they hide. */
  private final Deque<Set<String>> hidden = new ArrayDeque<>();

  /**
   * @param alias of the sub-select
   * @param from of the select
   * @param inQuery may plain names mean columns of a query around?
   */
  GroupColumns(String alias, @Nullable SqlNode from, boolean inQuery) {
    this.alias = alias;
    this.inQuery = inQuery;
    this.suffixes = !hasCommon(from);
    this.tables = new HashSet<>();
    tables(from, tables);
  }

  static boolean hasCommon(@Nullable SqlNode from) {
    return Validator.hasCommon(from);
  }

  private static void tables(@Nullable SqlNode from, Set<String> out) {
    if (from instanceof SqlJoin join) {
      tables(join.getLeft(), out);
      tables(join.getRight(), out);
    } else if (from != null) {
      String name = SqlValidatorUtil.alias(from);
      if (name != null) {
        out.add(name.toLowerCase(Locale.ROOT));
      }
    }
  }

  void key(SqlNode key) {
    if (keys.keySet().stream().noneMatch(k -> SameExpression.of(k, key, suffixes))) {
      String name =
          key instanceof SqlIdentifier id ? id.names.get(id.names.size() - 1) : "$k" + keys.size();
      boolean taken = keys.values().stream().anyMatch(name::equalsIgnoreCase);
      keys.put(key, taken ? "$k" + keys.size() : name);
    }
  }

  /** Names that mean items of the select list, from now on. */
  void names(Map<String, SqlNode> meant) {
    names = meant;
  }

  /** The select list of the sub-select. */
  SqlNodeList items() {
    List<SqlNode> out = new ArrayList<>();
    keys.forEach((e, name) -> out.add(named(e, name)));
    aggregates.forEach((e, name) -> out.add(named(e, name)));
    if (out.isEmpty()) {
      out.add(named(SqlLiteral.createExactNumeric("0", SqlParserPos.ZERO), "$none"));
    }
    return new SqlNodeList(out, SqlParserPos.ZERO);
  }

  static SqlNode named(SqlNode e, String name) {
    SqlParserPos pos = e.getParserPosition();
    return SqlStdOperatorTable.AS.createCall(pos, e, new SqlIdentifier(name, pos));
  }

  /** The expression over the rows of the sub-select. */
  SqlNode over(SqlNode e) {
    return Objects.requireNonNull(e.accept(this));
  }

  private SqlIdentifier column(String name, SqlNode at) {
    return new SqlIdentifier(List.of(alias, name), at.getParserPosition());
  }

  private @Nullable SqlNode keyed(SqlNode e) {
    for (Map.Entry<SqlNode, String> k : keys.entrySet()) {
      if (SameExpression.of(k.getKey(), e, suffixes)) {
        return column(k.getValue(), e);
      }
    }
    return null;
  }

  @Override
  public @Nullable SqlNode visit(SqlIdentifier id) {
    if (id.isStar()) {
      return id;
    }
    String table = id.isSimple() ? "" : id.names.get(id.names.size() - 2).toLowerCase(Locale.ROOT);
    if (!hidden.isEmpty()) {
      return isOfMyTables(id) ? keyOrUntold(id) : id;
    }
    SqlNode key = keyed(id);
    if (key != null) {
      return key;
    }
    SqlNode named = id.isSimple() ? names.get(id.getSimple().toLowerCase(Locale.ROOT)) : null;
    if (named != null) {
      return named == id || named instanceof SqlIdentifier ? named : over(named);
    }
    return tables.contains(table) || id.isSimple() && inQuery ? keyOrUntold(id) : id;
  }

  private SqlNode keyOrUntold(SqlIdentifier id) {
    SqlNode key = keyed(id);
    if (key == null) {
      throw new Untold();
    }
    return key;
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call instanceof SqlSelect select) {
      Set<String> own = new HashSet<>();
      tables(select.getFrom(), own);
      hidden.push(own);
      try {
        return copy(call);
      } finally {
        hidden.pop();
      }
    }
    if (!hidden.isEmpty()) {
      return call instanceof SqlWindow window
          ? window(window)
          : call.getKind() != SqlKind.OVER && isAggregate(call) && isMine(call)
              ? aggregate(call)
              : call.getKind() == SqlKind.OVER ? overWindow(call) : copy(call);
    }
    SqlNode key = keyed(call);
    if (key != null) {
      return key;
    }
    if (isAggregate(call)) {
      return aggregate(call);
    }
    if (call instanceof SqlWindow window) {
      return window(window);
    }
    if (call.getKind() == SqlKind.OVER) {
      return overWindow(call);
    }
    if (call.getKind() == SqlKind.AS) {
      return named(over(call.operand(0)), call.operand(1).toString());
    }
    return copy(call);
  }

  private SqlNode overWindow(SqlCall over) {
    SqlNode window = over.operand(1);
    return over.getOperator()
        .createCall(
            over.getParserPosition(),
            function(over.operand(0)),
            window instanceof SqlWindow w ? window(w) : window);
  }

  /** In a sub-query: is the aggregate of columns of this select's tables only? */
  private boolean isMine(SqlCall aggregate) {
    List<SqlIdentifier> columns = new ArrayList<>();
    aggregate.accept(
        new SqlShuttle() {
          @Override
          public SqlNode visit(SqlIdentifier id) {
            columns.add(id);
            return id;
          }
        });
    return !columns.isEmpty() && columns.stream().allMatch(this::isOfMyTables);
  }

  private boolean isOfMyTables(SqlIdentifier id) {
    int n = id.names.size();
    String table = n < 2 ? "" : id.names.get(n - 2).toLowerCase(Locale.ROOT);
    return tables.contains(table) && hidden.stream().noneMatch(h -> h.contains(table));
  }

  private @Nullable SqlNode copy(SqlCall call) {
    CallCopyingArgHandler copy = new CallCopyingArgHandler(call, true);
    call.getOperator().acceptCall(this, call, false, copy);
    return copy.result();
  }

  /** The function of a window, which is no aggregate of the group. */
  private SqlNode function(SqlCall call) {
    return switch (call.getKind()) {
      case IGNORE_NULLS, RESPECT_NULLS ->
          call.getOperator()
              .createCall(call.getParserPosition(), function(call.<SqlCall>operand(0)));
      default -> Objects.requireNonNull(copy(call));
    };
  }

  private SqlNode aggregate(SqlCall call) {
    for (Map.Entry<SqlNode, String> a : aggregates.entrySet()) {
      if (SameExpression.of(a.getKey(), call, suffixes)) {
        return column(a.getValue(), call);
      }
    }
    String name = "$a" + aggregates.size();
    aggregates.put(call, name);
    return column(name, call);
  }

  private SqlNode window(SqlWindow w) {
    return new SqlWindow(
        w.getParserPosition(),
        w.getDeclName(),
        w.getRefName(),
        (SqlNodeList) over(w.getPartitionList()),
        (SqlNodeList) over(w.getOrderList()),
        SqlLiteral.createBoolean(w.isRows(), SqlParserPos.ZERO),
        w.getLowerBound(),
        w.getUpperBound(),
        (SqlLiteral) w.getOperandList().get(7),
        w.getExclude());
  }

  /** Is it an aggregate of a group, with what stands behind it? */
  static boolean isAggregate(SqlNode node) {
    if (!(node instanceof SqlCall call)) {
      return false;
    }
    return switch (call.getKind()) {
      case WITHIN_GROUP, WITHIN_DISTINCT, FILTER, IGNORE_NULLS, RESPECT_NULLS ->
          isAggregate(call.operand(0));
      default -> {
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        yield name.equals("COUNT")
            || name.equals("GROUPING")
            || name.equals("GROUPING_ID")
            || name.equals("GROUP_ID")
            || Operators.TABLE.own(name) instanceof PlanAggregate;
      }
    };
  }
}
