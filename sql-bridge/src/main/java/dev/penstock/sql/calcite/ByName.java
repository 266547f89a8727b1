package dev.penstock.sql.calcite;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** {@code a UNION BY NAME b}: columns go together by name, and a missing one is null. */
final class ByName {
  private ByName() {}

  static SqlCall union(SqlCall union) {
    SqlNode left = union.operand(0);
    SqlNode right = union.operand(1);
    if (hasStar(left) || hasStar(right)) {
      return union; // the validator tells the columns, and the next try has them
    }
    Map<String, SqlIdentifier> names = new LinkedHashMap<>();
    names(left).forEach(n -> names.putIfAbsent(key(n), n));
    names(right).forEach(n -> names.putIfAbsent(key(n), n));
    return union
        .getOperator()
        .createCall(
            union.getParserPosition(),
            widened(left, names, "$left"),
            widened(right, names, "$right"));
  }

  private static String key(SqlIdentifier name) {
    return name.getSimple().toLowerCase(Locale.ROOT);
  }

  /** The query as a sub-select with all the columns, in their order. */
  private static SqlNode widened(SqlNode query, Map<String, SqlIdentifier> all, String alias) {
    SqlParserPos pos = query.getParserPosition();
    List<String> own = names(query).stream().map(ByName::key).toList();
    List<SqlNode> items = new ArrayList<>();
    all.forEach(
        (key, name) ->
            items.add(
                own.contains(key)
                    ? new SqlIdentifier(List.of(alias, name.getSimple()), pos)
                    : SqlStdOperatorTable.AS.createCall(pos, SqlLiteral.createNull(pos), name)));
    SqlNode from = SqlStdOperatorTable.AS.createCall(pos, query, new SqlIdentifier(alias, pos));
    return new SqlSelect(
        pos,
        null,
        new SqlNodeList(items, pos),
        from,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static List<SqlIdentifier> names(@Nullable SqlNode query) {
    if (query instanceof SqlSelect select) {
      List<SqlIdentifier> out = new ArrayList<>();
      for (SqlNode item : select.getSelectList()) {
        SqlNode name = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(1) : item;
        if (!(name instanceof SqlIdentifier id) || id.isStar()) {
          throw unnamed();
        }
        out.add(new SqlIdentifier(id.names.get(id.names.size() - 1), item.getParserPosition()));
      }
      return out;
    }
    if (query instanceof SqlCall call && call.getKind().belongsTo(SqlKind.SET_QUERY)) {
      return names(call.operand(0));
    }
    throw unnamed();
  }

  private static boolean hasStar(@Nullable SqlNode query) {
    if (query instanceof SqlSelect select) {
      return select.getSelectList().stream()
          .anyMatch(i -> i instanceof SqlIdentifier id && id.isStar() || StarColumns.isMarked(i));
    }
    return query instanceof SqlCall call
        && call.getKind().belongsTo(SqlKind.SET_QUERY)
        && hasStar(call.operand(0));
  }

  private static PenstockException unnamed() {
    return PenstockException.unsupported(
        "sql-union-by-name",
        "UNION BY NAME needs the names of the columns in both select lists, and no VALUES");
  }
}
