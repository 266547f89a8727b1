package dev.penstock.sql.calcite;

import dev.penstock.monitor.CancellationToken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.Resources;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SelectNamespace;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlMonotonicity;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's validator, which also knows the columns of USING and NATURAL by their plain names, also
 * those of several joins, in WHERE, ON and the select list.
 */
final class Validator extends SqlValidatorImpl {
  /** The selects that are being validated, the innermost first. */
  private final Deque<SqlSelect> selects = new ArrayDeque<>();

  /** Those of them whose FROM is valid. */
  private final Set<SqlSelect> read = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Those whose GROUP BY had numbers; Calcite puts the expressions in their place. */
  private final Set<SqlSelect> groupedByNumber = Collections.newSetFromMap(new IdentityHashMap<>());

  private final StarColumns stars;
  private final CancellationToken token;

  Validator(
      StarColumns stars,
      CancellationToken token,
      SqlOperatorTable operators,
      SqlValidatorCatalogReader catalog,
      RelDataTypeFactory types,
      Config config) {
    super(operators, catalog, types, config);
    this.stars = stars;
    this.token = token;
  }

  /** Of each expression, again and again: here planning can end. */
  @Override
  public RelDataType deriveType(SqlValidatorScope scope, SqlNode expr) {
    token.check();
    return super.deriveType(scope, expr);
  }

  /**
   * No order is derived from names: Calcite would look for each column in all queries below it,
   * name by name.
   */
  @Override
  protected SelectNamespace createSelectNamespace(SqlSelect select, SqlNode enclosing) {
    return new SelectNamespace(this, select, enclosing) {
      @Override
      public SqlMonotonicity getMonotonicity(String column) {
        return SqlMonotonicity.NOT_MONOTONIC;
      }
    };
  }

  @Override
  protected void validateWhereClause(SqlSelect select) {
    read.add(select);
    stars.look(select, star -> expandStar(star, select, false));
    SqlNode where = select.getWhere();
    SqlValidatorScope scope = where == null ? null : getWhereScope(select);
    if (where != null && scope != null) {
      select.setWhere(where.accept(new Aliases(select, scope, getCatalogReader().nameMatcher())));
    }
    super.validateWhereClause(select);
  }

  @Override
  protected void validateSelect(SqlSelect select, RelDataType targetRowType) {
    selects.push(select);
    try {
      super.validateSelect(select, targetRowType);
    } finally {
      selects.pop();
    }
  }

  /** A name that comes again is another one, so that a star over the select means both. */
  @Override
  protected RelDataType validateSelectList(
      SqlNodeList items, SqlSelect select, RelDataType targetRowType) {
    RelDataType row = super.validateSelectList(items, select, targetRowType);
    Set<String> taken = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (int k = 0; k < row.getFieldCount(); k++) {
      String name = written(select.getSelectList(), k, row.getFieldNames().get(k));
      String unique = name;
      for (int i = 1; !taken.add(unique.toLowerCase(Locale.ROOT)); i++) {
        unique = name + "_" + i;
      }
      names.add(unique);
    }
    return names.equals(row.getFieldNames())
        ? row
        : getTypeFactory()
            .createStructType(
                row.getFieldList().stream().map(RelDataTypeField::getType).toList(), names);
  }

  /** The name of a column that a star brought, without the digits that made it unique. */
  private static String written(SqlNodeList items, int i, String name) {
    if (i < items.size()
        && items.get(i).getKind() == SqlKind.AS
        && ((SqlCall) items.get(i)).operand(0) instanceof SqlIdentifier column
        && ((SqlCall) items.get(i))
            .operand(1)
            .getParserPosition()
            .equals(column.getParserPosition())) {
      String last = column.names.get(column.names.size() - 1);
      boolean numbered =
          name.startsWith(last)
              && name.substring(last.length()).chars().allMatch(Character::isDigit);
      return numbered ? last : name;
    }
    return name;
  }

  /** ORDER BY ALL: by now a star has become its columns. */
  @Override
  protected void validateOrderList(SqlSelect select) {
    SqlNodeList order = select.getOrderList();
    if (order != null) {
      select.setOrderBy(AllColumns.of(order, select.getSelectList().size()));
    }
    super.validateOrderList(select);
  }

  @Override
  public CalciteContextException newValidationError(
      SqlNode node, Resources.ExInst<SqlValidatorException> e) {
    CalciteContextException problem = super.newValidationError(node, e);
    boolean ungrouped =
        problem.getCause() != null
            && String.valueOf(problem.getCause().getMessage()).endsWith(" is not being grouped");
    if (ungrouped && node instanceof SqlIdentifier id && isOuter(id)) {
      throw new Repairs.OuterColumn(id, problem);
    }
    boolean ambiguous =
        problem.getCause() != null
            && String.valueOf(problem.getCause().getMessage()).endsWith(" is ambiguous");
    SqlNode meant =
        ambiguous && node instanceof SqlIdentifier id && id.isSimple() ? common(id) : null;
    if (meant != null) {
      throw new Repairs.CommonColumn((SqlIdentifier) node, meant, problem);
    }
    return problem;
  }

  /** What an ambiguous name means in a join that has it in common; null: there is none. */
  private @Nullable SqlNode common(SqlIdentifier id) {
    return selects.stream()
        .map(s -> read.contains(s) ? whole(s.getFrom(), id) : before(s.getFrom(), id))
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private @Nullable SqlNode whole(@Nullable SqlNode from, SqlIdentifier id) {
    return from != null && hasCommon(from) && hasColumn(from, id) ? resolve(from, id) : null;
  }

  /** In the joins before a lateral query, which is being validated. */
  private @Nullable SqlNode before(@Nullable SqlNode from, SqlIdentifier id) {
    if (!(from instanceof SqlJoin join)) {
      return null;
    }
    SqlNode before = before(join.getLeft(), id);
    return before == null ? whole(join.getLeft(), id) : before;
  }

  /** Is it a column of a query around the one that is being validated? */
  private boolean isOuter(SqlIdentifier id) {
    SqlSelect select = selects.peek();
    SelectScope scope = select == null ? null : getRawSelectScope(select);
    if (select == null || scope == null) {
      return false;
    }
    SqlIdentifier full = scope.fullyQualify(id).identifier;
    return full.names.size() > 1 && !isLeaf(select.getFrom(), full.names.get(0));
  }

  private static boolean isLeaf(@Nullable SqlNode from, String alias) {
    if (from instanceof SqlJoin join) {
      return isLeaf(join.getLeft(), alias) || isLeaf(join.getRight(), alias);
    }
    return from != null && alias.equalsIgnoreCase(SqlValidatorUtil.alias(from));
  }

  @Override
  public SqlNode expand(SqlNode expr, SqlValidatorScope scope) {
    SelectScope select = SqlValidatorUtil.getEnclosingSelectScope(scope);
    return super.expand(select == null ? expr : withCommon(expr, around(select)), scope);
  }

  /** Calcite takes a common column of three tables for one of two. */
  @Override
  public SqlNode expandSelectExpr(
      SqlNode expr, SelectScope scope, SqlSelect select, Map<String, SqlNode> expansions) {
    SqlNode item = namesTables(select) ? withCommon(expr, around(scope)) : expr;
    return super.expandSelectExpr(item, scope, select, expansions);
  }

  @Override
  protected void validateGroupClause(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    SelectScope scope = getRawSelectScope(select);
    if (group != null && scope != null && namesTables(select)) {
      List<SqlNode> keys = new ArrayList<>();
      for (SqlNode key : group) {
        keys.add(withCommon(item(key, select), around(scope)));
      }
      select.setGroupBy(new SqlNodeList(keys, group.getParserPosition()));
      if (select.getHaving() != null) {
        select.setHaving(withCommon(select.getHaving(), around(scope)));
      }
    }
    super.validateGroupClause(select);
  }

  /**
   * A key that is the name of an item of the select list, as that item; within sets of keys too.
   */
  private SqlNode item(SqlNode key, SqlSelect select) {
    if (key instanceof SqlCall sets
        && (GroupingSets.isNested(key) || key.getKind() == SqlKind.ROW)) {
      List<SqlNode> keys = new ArrayList<>();
      sets.getOperandList().forEach(k -> keys.add(item(k, select)));
      return sets.getOperator().createCall(sets.getParserPosition(), keys);
    }
    SqlNode from = select.getFrom();
    if (!(key instanceof SqlIdentifier id)
        || !id.isSimple()
        || from == null
        || hasColumn(from, id)) {
      return key;
    }
    for (SqlNode item : select.getSelectList()) {
      if (item.getKind() == SqlKind.AS
          && ((SqlCall) item)
              .<SqlIdentifier>operand(1)
              .getSimple()
              .equalsIgnoreCase(id.getSimple())) {
        return ((SqlCall) item).operand(0);
      }
    }
    return key;
  }

  @Override
  protected void validateQualifyClause(SqlSelect select) {
    SqlNode qualify = select.getQualify();
    if (qualify != null) {
      SelectScope scope = getRawSelectScope(select);
      select.setQualify(withCommon(qualify, scope == null ? List.of(select) : around(scope)));
    }
    super.validateQualifyClause(select);
  }

  /** The expression with the columns that joins have in common under the names of their tables. */
  private SqlNode withCommon(SqlNode expr, List<SqlSelect> selects) {
    if (selects.stream().noneMatch(s -> hasCommon(s.getFrom()))) {
      return expr;
    }
    SqlNode renamed =
        expr.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlIdentifier id) {
                return id.isSimple() && !id.isStar() ? resolve(selects, id) : id;
              }

              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                boolean query =
                    call instanceof SqlSelect || call.getKind().belongsTo(SqlKind.QUERY);
                return query ? call : super.visit(call);
              }
            });
    return java.util.Objects.requireNonNull(renamed);
  }

  /** The select of a scope and those around it, the innermost first. */
  private static List<SqlSelect> around(SelectScope scope) {
    List<SqlSelect> out = new ArrayList<>();
    for (SelectScope s = scope; s != null; ) {
      out.add(s.getNode());
      SqlValidatorScope parent = s.getParent();
      s = parent == null ? null : SqlValidatorUtil.getEnclosingSelectScope(parent);
    }
    return out;
  }

  /** What a plain name means in the first of the selects that has such a column. */
  private SqlNode resolve(List<SqlSelect> selects, SqlIdentifier id) {
    for (SqlSelect select : selects) {
      SqlNode from = select.getFrom();
      if (from != null && hasColumn(from, id)) {
        SqlNode column = hasCommon(from) ? resolve(from, id) : null;
        return column == null ? id : column;
      }
    }
    return id;
  }

  private boolean hasColumn(SqlNode from, SqlIdentifier id) {
    return from instanceof SqlJoin join
        ? hasColumn(join.getLeft(), id) || hasColumn(join.getRight(), id)
        : leaf(from, id) != null;
  }

  /** Does a join of the FROM have columns in common? */
  static boolean hasCommon(@Nullable SqlNode from) {
    return from instanceof SqlJoin join
        && (join.isNatural()
            || join.getConditionType() == org.apache.calcite.sql.JoinConditionType.USING
            || hasCommon(join.getLeft())
            || hasCommon(join.getRight()));
  }

  /**
   * Are its common columns written as those of the tables? Calcite knows them in HAVING and beside
   * keys that are numbers only so.
   */
  private boolean namesTables(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    if (group != null && group.stream().anyMatch(key -> key.getKind() == SqlKind.LITERAL)) {
      groupedByNumber.add(select);
    }
    boolean byNumber = groupedByNumber.contains(select);
    return ofThree(select.getFrom())
        || ((select.getHaving() != null || byNumber)
            && select.getWindowList().isEmpty()
            && hasCommon(select.getFrom()));
  }

  /** Does a join of tables that have columns in common have columns in common with another? */
  private static boolean ofThree(@Nullable SqlNode from) {
    return from instanceof SqlJoin join
        && hasCommon(join)
        && (hasCommon(join.getLeft()) || hasCommon(join.getRight()));
  }

  /** The column that a plain name means, if joins have it in common; else null. */
  private @Nullable SqlNode resolve(SqlNode from, SqlIdentifier id) {
    if (!(from instanceof SqlJoin join)) {
      return leaf(from, id);
    }
    SqlNode left = resolve(join.getLeft(), id);
    SqlNode right = resolve(join.getRight(), id);
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    List<String> using = usingNames(join);
    if (using == null || using.stream().noneMatch(id.getSimple()::equalsIgnoreCase)) {
      return null;
    }
    if (join.getJoinType() == JoinType.RIGHT) {
      return right;
    }
    SqlOperator coalesce = Operators.TABLE.own("COALESCE");
    return join.getJoinType() == JoinType.FULL && coalesce != null
        ? coalesce.createCall(id.getParserPosition(), left, right)
        : left;
  }

  private @Nullable SqlNode leaf(SqlNode from, SqlIdentifier id) {
    String alias = SqlValidatorUtil.alias(from);
    if (alias == null) {
      return null;
    }
    SqlValidatorNamespace rows = getNamespace(from);
    if (rows != null && rows.getRowType().getField(id.getSimple(), false, false) != null) {
      return new SqlIdentifier(List.of(alias, id.getSimple()), id.getParserPosition());
    }
    return null;
  }
}
