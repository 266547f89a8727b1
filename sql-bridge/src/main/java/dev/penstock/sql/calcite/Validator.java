package dev.penstock.sql.calcite;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
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
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's validator, which also knows the columns of USING and NATURAL by their plain names in
 * WHERE and ON.
 */
final class Validator extends SqlValidatorImpl {
  /** The selects that are being validated, the innermost first. */
  private final Deque<SqlSelect> selects = new ArrayDeque<>();

  Validator(
      SqlOperatorTable operators,
      SqlValidatorCatalogReader catalog,
      RelDataTypeFactory types,
      Config config) {
    super(operators, catalog, types, config);
  }

  @Override
  protected void validateWhereClause(SqlSelect select) {
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
    return problem;
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
    return super.expand(select == null ? expr : withCommon(expr, select.getNode()), scope);
  }

  @Override
  protected void validateQualifyClause(SqlSelect select) {
    SqlNode qualify = select.getQualify();
    if (qualify != null) {
      select.setQualify(withCommon(qualify, select));
    }
    super.validateQualifyClause(select);
  }

  /** The expression with the columns that joins have in common under the names of their tables. */
  private SqlNode withCommon(SqlNode expr, SqlSelect select) {
    SqlNode from = select.getFrom();
    if (from == null || !hasCommon(from)) {
      return expr;
    }
    SqlNode renamed =
        expr.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlIdentifier id) {
                SqlNode column = id.isSimple() && !id.isStar() ? resolve(from, id) : null;
                return column == null ? id : column;
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

  /** Does a join of the FROM have columns in common? */
  static boolean hasCommon(@Nullable SqlNode from) {
    return from instanceof SqlJoin join
        && (join.isNatural()
            || join.getConditionType() == org.apache.calcite.sql.JoinConditionType.USING
            || hasCommon(join.getLeft())
            || hasCommon(join.getRight()));
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
