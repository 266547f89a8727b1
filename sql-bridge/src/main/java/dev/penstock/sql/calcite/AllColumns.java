package dev.penstock.sql.calcite;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.text.Spelling;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.jspecify.annotations.Nullable;

/** ORDER BY ALL: the ordinals of all columns, with the direction that stands behind ALL. */
final class AllColumns {
  private AllColumns() {}

  static SqlOrderBy of(SqlOrderBy order) {
    if (order.orderList.size() != 1 || !isAll(order.orderList.get(0))) {
      return order;
    }
    int columns = columns(order.query);
    List<SqlNode> items = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      items.add(ordinal(order.orderList.get(0), i));
    }
    return new SqlOrderBy(
        order.getParserPosition(),
        order.query,
        new SqlNodeList(items, order.orderList.getParserPosition()),
        order.offset,
        order.fetch);
  }

  private static boolean isAll(SqlNode item) {
    return item instanceof SqlIdentifier id
        ? id.isSimple() && id.getSimple().equals(Spelling.ALL_COLUMNS)
        : item instanceof SqlBasicCall call && call.operandCount() == 1 && isAll(call.operand(0));
  }

  /** The item with the ordinal in place of ALL. */
  private static SqlNode ordinal(SqlNode item, int i) {
    return item instanceof SqlCall call
        ? call.getOperator().createCall(call.getParserPosition(), ordinal(call.operand(0), i))
        : SqlLiteral.createExactNumeric(String.valueOf(i), item.getParserPosition());
  }

  private static int columns(@Nullable SqlNode query) {
    if (query instanceof SqlSelect select) {
      for (SqlNode item : select.getSelectList()) {
        if (item instanceof SqlIdentifier id && id.isStar()) {
          throw PenstockException.unsupported(
              "sql-order-by-all",
              "ORDER BY ALL is not supported beside *; name the columns in one of the two");
        }
      }
      return select.getSelectList().size();
    }
    if (query instanceof SqlWith with) {
      return columns(with.body);
    }
    return query instanceof SqlCall call && call.operandCount() > 0 ? columns(call.operand(0)) : 0;
  }
}
