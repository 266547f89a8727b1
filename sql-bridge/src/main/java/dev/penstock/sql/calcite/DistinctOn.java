package dev.penstock.sql.calcite;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Spelling;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** {@code DISTINCT ON (k)}: of each k the first row in the query's order, by QUALIFY. */
final class DistinctOn {
  private DistinctOn() {}

  /**
   * Changes the select in place, if its select list begins with the keys.
   *
   * @param order the ORDER BY of the query; null: none
   */
  static void rewrite(SqlSelect select, @Nullable SqlNodeList order) {
    SqlNodeList items = select.getSelectList();
    if (items.isEmpty()
        || !(items.get(0) instanceof SqlCall keys)
        || !keys.getOperator().getName().equals(Spelling.DISTINCT_ON)) {
      return;
    }
    if (select.getQualify() != null) {
      throw PenstockException.unsupported(
          "sql-distinct-on", "DISTINCT ON beside QUALIFY; put one of them into a sub-select");
    }
    SqlNodeList rest = new SqlNodeList(items.subList(1, items.size()), items.getParserPosition());
    select.setSelectList(rest);
    SqlParserPos pos = keys.getParserPosition();
    List<SqlNode> partition = new ArrayList<>();
    keys.getOperandList().forEach(k -> partition.add(meant(k, rest)));
    List<SqlNode> sorted = new ArrayList<>();
    if (order != null) {
      order.forEach(o -> sorted.add(direction(o, rest)));
    }
    SqlWindow window =
        new SqlWindow(
            pos,
            null,
            null,
            new SqlNodeList(partition, pos),
            new SqlNodeList(sorted, pos),
            SqlLiteral.createBoolean(false, pos),
            null,
            null,
            null,
            SqlWindow.createExcludeNoOthers(pos));
    SqlNode number =
        SqlStdOperatorTable.OVER.createCall(
            pos, SqlStdOperatorTable.ROW_NUMBER.createCall(pos), window);
    select.setQualify(
        SqlStdOperatorTable.EQUALS.createCall(
            pos, number, SqlLiteral.createExactNumeric("1", pos)));
  }

  private static SqlNode direction(SqlNode item, SqlNodeList items) {
    return switch (item.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
        SqlCall call = (SqlCall) item;
        yield call.getOperator()
            .createCall(call.getParserPosition(), direction(call.operand(0), items));
      }
      default -> meant(item, items);
    };
  }

  /** The item of the select list that a position or a name means; else the expression itself. */
  private static SqlNode meant(SqlNode node, SqlNodeList items) {
    if (node instanceof SqlNumericLiteral number && number.isInteger()) {
      int i = number.intValue(true);
      return i >= 1 && i <= items.size() ? expression(items.get(i - 1)) : node;
    }
    if (node instanceof SqlIdentifier id && id.isSimple()) {
      for (SqlNode item : items) {
        if (item.getKind() == SqlKind.AS
            && ((SqlCall) item).operand(1).toString().equalsIgnoreCase(id.getSimple())) {
          return expression(item);
        }
      }
    }
    return node;
  }

  private static SqlNode expression(SqlNode item) {
    return item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
  }
}
