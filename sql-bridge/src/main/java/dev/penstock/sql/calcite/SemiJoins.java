package dev.penstock.sql.calcite;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/** {@code a SEMI JOIN b ON c} is a with EXISTS in WHERE; ANTI its opposite. */
final class SemiJoins {
  private SemiJoins() {}

  /** Changes the select in place. */
  static void rewrite(SqlSelect select) {
    SqlNode from = select.getFrom();
    List<SqlNode> exists = new ArrayList<>();
    if (from != null) {
      select.setFrom(without(from, exists));
    }
    SqlNode where = select.getWhere();
    for (SqlNode e : exists) {
      where =
          where == null ? e : SqlStdOperatorTable.AND.createCall(e.getParserPosition(), where, e);
    }
    select.setWhere(where);
  }

  private static SqlNode without(SqlNode from, List<SqlNode> exists) {
    if (!(from instanceof SqlJoin join)) {
      return from;
    }
    int before = exists.size();
    SqlNode left = without(join.getLeft(), exists);
    if (exists.size() > before && join.getJoinType().generatesNullsOnLeft()) {
      List<SqlNode> tests = exists.subList(before, exists.size());
      left = subSelect(left, tests);
      tests.clear();
    }
    boolean semi = join.getJoinType() == JoinType.LEFT_SEMI_JOIN;
    if (semi || join.getJoinType() == JoinType.LEFT_ANTI_JOIN) {
      SqlParserPos pos = join.getParserPosition();
      SqlNode test = SqlStdOperatorTable.EXISTS.createCall(pos, matches(join, left));
      exists.add(semi ? test : SqlStdOperatorTable.NOT.createCall(pos, test));
      return left;
    }
    join.setLeft(left);
    return join;
  }

  /** The rows that a RIGHT or FULL join is about, under the name that they have. */
  private static SqlNode subSelect(SqlNode left, List<SqlNode> tests) {
    String alias = left instanceof SqlJoin ? null : SqlValidatorUtil.alias(left);
    if (alias == null) {
      throw PenstockException.unsupported(
          "sql-join",
          "a SEMI or ANTI join of several tables left of a RIGHT or FULL one: put it into a"
              + " sub-select");
    }
    SqlParserPos pos = left.getParserPosition();
    SqlNode where = tests.get(0);
    for (SqlNode test : tests.subList(1, tests.size())) {
      where = SqlStdOperatorTable.AND.createCall(pos, where, test);
    }
    SqlSelect select =
        new SqlSelect(
            pos,
            null,
            SqlNodeList.of(SqlIdentifier.star(pos)),
            left,
            where,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    return SqlStdOperatorTable.AS.createCall(pos, select, new SqlIdentifier(alias, pos));
  }

  private static SqlSelect matches(SqlJoin join, SqlNode left) {
    SqlParserPos pos = join.getParserPosition();
    return new SqlSelect(
        pos,
        null,
        SqlNodeList.of(SqlLiteral.createExactNumeric("1", pos)),
        join.getRight(),
        condition(join, left),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static @Nullable SqlNode condition(SqlJoin join, SqlNode left) {
    if (join.getConditionType() == JoinConditionType.ON) {
      return join.getCondition();
    }
    if (!(join.getCondition() instanceof SqlNodeList columns)) {
      throw PenstockException.incorrect(
          "sql-join", "a SEMI or ANTI join takes ON or USING; which rows match?");
    }
    SqlNode all = null;
    for (SqlNode column : columns) {
      String name = ((SqlIdentifier) column).getSimple();
      SqlParserPos pos = column.getParserPosition();
      SqlNode same =
          SqlStdOperatorTable.EQUALS.createCall(
              pos, named(left, name, pos), named(join.getRight(), name, pos));
      all = all == null ? same : SqlStdOperatorTable.AND.createCall(pos, all, same);
    }
    return all;
  }

  /** A column of a relation by the relation's name; of a join's first relation. */
  private static SqlNode named(SqlNode from, String column, SqlParserPos pos) {
    SqlNode leaf = from;
    while (leaf instanceof SqlJoin join) {
      leaf = join.getLeft();
    }
    String alias = SqlValidatorUtil.alias(leaf);
    return new SqlIdentifier(alias == null ? List.of(column) : List.of(alias, column), pos);
  }
}
