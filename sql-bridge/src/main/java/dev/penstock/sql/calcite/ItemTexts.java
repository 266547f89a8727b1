package dev.penstock.sql.calcite;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.sql.text.Spelling;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The texts of a select list's items: what a column is called that has no name. */
final class ItemTexts {
  private static final int MAX_LENGTH = 60;

  private ItemTexts() {}

  /** Texts by the name that Calcite gives such a column; empty where a star hides the places. */
  static Map<String, String> of(
      SqlNode query, String written, Spelling spelling, CancellationToken token) {
    Map<String, String> out = new LinkedHashMap<>();
    SqlNodeList items = items(query);
    if (items == null || items.stream().anyMatch(ItemTexts::isStar)) {
      return out;
    }
    for (int i = 0; i < items.size(); i++) {
      token.check();
      SqlParserPos pos = items.get(i).getParserPosition();
      int from = spelling.original(pos.getColumnNum() - 1);
      boolean literal = items.get(i) instanceof SqlLiteral;
      int to = spelling.originalEnd((literal ? pos.getColumnNum() : pos.getEndColumnNum()) - 1);
      if (from < to && to <= written.length()) {
        String text = written.substring(from, to).strip().replaceAll("\\s+", " ");
        if (!text.isEmpty() && text.length() <= MAX_LENGTH) {
          out.put(SqlUtil.deriveAliasFromOrdinal(i), text);
        }
      }
    }
    return out;
  }

  private static boolean isNumbered(SqlCall as) {
    return as.operand(1) instanceof SqlIdentifier name
        && name.isSimple()
        && name.getSimple().equals(Spelling.NUMBERED);
  }

  /** The query of which a sub-select selects all. */
  private static SqlNode allOf(SqlSelect select) {
    return ((SqlCall) Objects.requireNonNull(select.getFrom())).operand(0);
  }

  private static boolean isStar(SqlNode item) {
    return item instanceof SqlIdentifier id && id.isStar()
        || StarColumns.isMarked(item)
        || !(item instanceof SqlCall
            || item instanceof SqlIdentifier
            || item instanceof SqlLiteral);
  }

  private static @Nullable SqlNodeList items(SqlNode query) {
    if (query instanceof SqlSelect select) {
      return select.getFrom() instanceof SqlCall as && as.getKind() == SqlKind.AS && isNumbered(as)
          ? items(allOf(as.operand(0)))
          : select.getSelectList();
    }
    if (query instanceof SqlOrderBy order) {
      return items(order.query);
    }
    if (query instanceof SqlWith with) {
      return items(with.body);
    }
    if (query instanceof SqlBasicCall call && call.getKind().belongsTo(SqlKind.SET_QUERY)) {
      return items(call.operand(0));
    }
    return null;
  }
}
