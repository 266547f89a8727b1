package dev.penstock.sql.calcite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUtil;

/**
 * A select list taken apart.
 *
 * @param expressions its items without their names
 * @param names the names of the columns
 * @param aliases what the names mean that are written, by name in lower case
 */
record SelectItems(List<SqlNode> expressions, List<String> names, Map<String, SqlNode> aliases) {
  static SelectItems of(SqlNodeList list) {
    SelectItems out = new SelectItems(new ArrayList<>(), new ArrayList<>(), new HashMap<>());
    for (SqlNode item : list) {
      out.add(item);
    }
    return out;
  }

  private void add(SqlNode item) {
    if (item instanceof SqlIdentifier id && id.isStar()) {
      throw new GroupColumns.Untold();
    }
    if (item.getKind() == SqlKind.AS) {
      SqlCall as = (SqlCall) item;
      String name = as.<SqlIdentifier>operand(1).getSimple();
      expressions.add(as.operand(0));
      names.add(name);
      aliases.put(name.toLowerCase(Locale.ROOT), as.operand(0));
    } else {
      expressions.add(item);
      names.add(
          item instanceof SqlIdentifier id
              ? id.names.get(id.names.size() - 1)
              : SqlUtil.deriveAliasFromOrdinal(names.size()));
    }
  }

  /** Is it a name that the list gives? */
  boolean isAlias(SqlNode node) {
    return node instanceof SqlIdentifier id
        && id.isSimple()
        && aliases.containsKey(id.getSimple().toLowerCase(Locale.ROOT));
  }

  /** Where the column of that name stands; -1 if there is not one alone. */
  int position(String name) {
    int found = -1;
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        if (found >= 0) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }

  /** The names as themselves. */
  Map<String, SqlNode> identities() {
    Map<String, SqlNode> out = new HashMap<>();
    aliases.forEach((n, e) -> out.put(n, new SqlIdentifier(n, e.getParserPosition())));
    return out;
  }
}
