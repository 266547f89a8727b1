package dev.penstock.sql.calcite;

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

  /** Where no star hides how many columns there are. */
  static SqlOrderBy of(SqlOrderBy order) {
    int columns = columns(order.query);
    return columns == 0
        ? order
        : new SqlOrderBy(
            order.getParserPosition(),
            order.query,
            of(order.orderList, columns),
            order.offset,
            order.fetch);
  }

  static SqlNodeList of(SqlNodeList order, int columns) {
    if (order.size() != 1 || !isAll(order.get(0))) {
      return order;
    }
    List<SqlNode> items = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      items.add(ordinal(order.get(0), i));
    }
    return new SqlNodeList(items, order.getParserPosition());
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
      boolean star =
          select.getSelectList().stream()
              .anyMatch(i -> i instanceof SqlIdentifier id && id.isStar());
      return star ? 0 : select.getSelectList().size();
    }
    if (query instanceof SqlWith with) {
      return columns(with.body);
    }
    return query instanceof SqlCall call && call.operandCount() > 0 ? columns(call.operand(0)) : 0;
  }
}
