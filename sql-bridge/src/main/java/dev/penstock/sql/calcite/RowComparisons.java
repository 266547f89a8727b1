package dev.penstock.sql.calcite;

import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * {@code (a, b) < (c, d)} is {@code a < c OR a = c AND b < d}, {@code (a, b) <> (c, d)} is {@code a
 * <> c OR b <> d}.
 */
final class RowComparisons {
  private RowComparisons() {}

  static SqlNode settled(SqlCall call) {
    if (!(call.operand(0) instanceof SqlCall a)
        || !(call.operand(1) instanceof SqlCall b)
        || a.getKind() != SqlKind.ROW
        || b.getKind() != SqlKind.ROW
        || a.operandCount() != b.operandCount()
        || a.operandCount() < 2) {
      return call;
    }
    if (call.getKind() == SqlKind.NOT_EQUALS) {
      return unequal(a.getOperandList(), b.getOperandList(), call);
    }
    boolean less =
        call.getKind() == SqlKind.LESS_THAN || call.getKind() == SqlKind.LESS_THAN_OR_EQUAL;
    SqlBinaryOperator strict =
        less ? SqlStdOperatorTable.LESS_THAN : SqlStdOperatorTable.GREATER_THAN;
    return compared(a.getOperandList(), b.getOperandList(), strict, call, call.getParserPosition());
  }

  private static SqlNode unequal(List<SqlNode> a, List<SqlNode> b, SqlCall whole) {
    SqlNode out = null;
    for (int i = 0; i < a.size(); i++) {
      SqlNode one = whole.getOperator().createCall(whole.getParserPosition(), a.get(i), b.get(i));
      out =
          out == null
              ? one
              : SqlStdOperatorTable.OR.createCall(whole.getParserPosition(), out, one);
    }
    return Objects.requireNonNull(out);
  }

  private static SqlNode compared(
      List<SqlNode> a, List<SqlNode> b, SqlBinaryOperator strict, SqlCall whole, SqlParserPos pos) {
    if (a.size() == 1) {
      return whole.getOperator().createCall(pos, a.get(0), b.get(0));
    }
    SqlNode rest = compared(a.subList(1, a.size()), b.subList(1, b.size()), strict, whole, pos);
    return SqlStdOperatorTable.OR.createCall(
        pos,
        strict.createCall(pos, a.get(0), b.get(0)),
        SqlStdOperatorTable.AND.createCall(
            pos, SqlStdOperatorTable.EQUALS.createCall(pos, a.get(0), b.get(0)), rest));
  }
}
