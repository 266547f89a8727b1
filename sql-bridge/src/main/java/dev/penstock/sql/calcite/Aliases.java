package dev.penstock.sql.calcite;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/** Names of the select list in WHERE, where no column has them. */
final class Aliases extends SqlShuttle {
  private final SqlNodeList items;
  private final SqlValidatorScope scope;
  private final SqlNameMatcher matcher;

  /** Aliases whose expressions are being put in: none holds itself. */
  private final Set<String> open = new HashSet<>();

  Aliases(SqlSelect select, SqlValidatorScope scope, SqlNameMatcher matcher) {
    this.items = select.getSelectList();
    this.scope = scope;
    this.matcher = matcher;
  }

  @Override
  public @Nullable SqlNode visit(SqlIdentifier id) {
    if (!id.isSimple()
        || id.isStar()
        || !scope.findQualifyingTableNames(id.getSimple(), id, matcher).isEmpty()) {
      return id;
    }
    String name = id.getSimple().toLowerCase(Locale.ROOT);
    for (SqlNode item : items) {
      if (item.getKind() == SqlKind.AS
          && ((SqlCall) item).operand(1) instanceof SqlIdentifier alias
          && alias.getSimple().equalsIgnoreCase(name)
          && open.add(name)) {
        SqlNode meant = ((SqlCall) item).<SqlNode>operand(0).accept(this);
        open.remove(name);
        return meant;
      }
    }
    return id;
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call instanceof SqlSelect || call.getKind().belongsTo(SqlKind.QUERY)) {
      return call;
    }
    // a copy: the validator changes what it is given
    CallCopyingArgHandler copy = new CallCopyingArgHandler(call, true);
    call.getOperator().acceptCall(this, call, false, copy);
    return copy.result();
  }

  @Override
  public @Nullable SqlNode visit(SqlNodeList list) {
    List<@Nullable SqlNode> out = new ArrayList<>();
    list.forEach(n -> out.add(n == null ? null : n.accept(this)));
    return new SqlNodeList(out, list.getParserPosition());
  }
}
