package dev.penstock.sql.calcite;

import dev.penstock.sql.text.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Windows as the validator wants them. */
public final class Frames {
  /** Functions of whole partitions: they do not look at frames, and the validator allows none. */
  private static final Set<String> WHOLE =
      Set.of(
          "LAG", "LEAD", "ROW_NUMBER", "RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", "NTILE");

  /** The partition key that says of a frame of ROWS that it is one of GROUPS. */
  public static final String GROUPS = "\u0001groups";

  private Frames() {}

  /**
   * A window as it was written: with the keys that {@link Spelling#PARTITION} holds, and with the
   * mark of GROUPS among them.
   */
  static SqlWindow written(SqlWindow window, Spelling spelling) {
    List<SqlNode> keys = new ArrayList<>();
    boolean changed = false;
    for (SqlNode key : window.getPartitionList()) {
      boolean packed =
          key instanceof SqlCall call && call.getOperator().getName().equals(Spelling.PARTITION);
      keys.addAll(packed ? ((SqlCall) key).getOperandList() : List.of(key));
      changed |= packed;
    }
    SqlParserPos rows = window.getOperandList().get(4).getParserPosition();
    if (window.isRows()
        && rows.getColumnNum() > 0
        && spelling.written(rows.getColumnNum() - 1, rows.getColumnNum()).equals("GROUPS")) {
      keys.add(SqlLiteral.createCharString(GROUPS, SqlParserPos.ZERO));
      changed = true;
    }
    return changed ? withPartition(window, keys) : window;
  }

  private static SqlWindow withPartition(SqlWindow w, List<SqlNode> keys) {
    return new SqlWindow(
        w.getParserPosition(),
        w.getDeclName(),
        w.getRefName(),
        new SqlNodeList(keys, w.getPartitionList().getParserPosition()),
        w.getOrderList(),
        SqlLiteral.createBoolean(w.isRows(), SqlParserPos.ZERO),
        w.getLowerBound(),
        w.getUpperBound(),
        null,
        w.getExclude());
  }

  private static boolean isMark(SqlNode key) {
    return key instanceof SqlLiteral literal
        && literal.getTypeName() == SqlTypeName.CHAR
        && GROUPS.equals(literal.getValueAs(String.class));
  }

  /**
   * The call with its window made plain: {@code OVER (w ROWS ... EXCLUDE ...)} holds what w holds,
   * as the validator would forget the exclusion; and a frame that the function does not look at is
   * left out.
   *
   * @param declared the WINDOW clause of the select
   */
  static SqlCall settled(SqlCall over, @Nullable SqlNodeList declared) {
    SqlNode of = over.operand(1);
    SqlWindow window = of instanceof SqlIdentifier name ? named(name, declared) : (SqlWindow) of;
    if (window == null) {
      return over;
    }
    SqlWindow whole = merged(window, declared);
    boolean frame = whole.getLowerBound() != null || whole.getUpperBound() != null;
    if (frame && WHOLE.contains(function(over.operand(0)))) {
      whole = withoutFrame(whole);
    }
    return whole == of
        ? over
        : over.getOperator().createCall(over.getParserPosition(), over.<SqlNode>operand(0), whole);
  }

  /**
   * A window of the WINDOW clause, without its name: what is grouped is not found in that clause.
   */
  private static @Nullable SqlWindow named(SqlIdentifier name, @Nullable SqlNodeList declared) {
    if (declared != null && name.isSimple()) {
      for (SqlNode node : declared) {
        SqlWindow w = (SqlWindow) node;
        SqlIdentifier of = w.getDeclName();
        if (of != null && of.getSimple().equalsIgnoreCase(name.getSimple())) {
          return new SqlWindow(
              name.getParserPosition(),
              null,
              w.getRefName(),
              w.getPartitionList(),
              w.getOrderList(),
              SqlLiteral.createBoolean(w.isRows(), SqlParserPos.ZERO),
              w.getLowerBound(),
              w.getUpperBound(),
              null,
              w.getExclude());
        }
      }
    }
    return null;
  }

  private static String function(SqlNode node) {
    return node instanceof SqlCall call
        ? call.getOperator().getName().toUpperCase(Locale.ROOT)
        : "";
  }

  private static SqlWindow merged(SqlWindow window, @Nullable SqlNodeList declared) {
    SqlIdentifier name = window.getRefName();
    if (name == null || declared == null) {
      return window;
    }
    for (SqlNode node : declared) {
      SqlWindow w = (SqlWindow) node;
      SqlIdentifier of = w.getDeclName();
      if (of != null
          && of.getSimple().equalsIgnoreCase(name.getSimple())
          && w.getRefName() == null
          && w.getLowerBound() == null
          && window.getPartitionList().stream().allMatch(Frames::isMark)
          && (w.getOrderList().isEmpty() || window.getOrderList().isEmpty())) {
        SqlNodeList order =
            window.getOrderList().isEmpty() ? w.getOrderList() : window.getOrderList();
        List<SqlNode> keys = new ArrayList<>(w.getPartitionList());
        keys.addAll(window.getPartitionList());
        return new SqlWindow(
            window.getParserPosition(),
            null,
            null,
            new SqlNodeList(keys, w.getPartitionList().getParserPosition()),
            order,
            SqlLiteral.createBoolean(window.isRows(), SqlParserPos.ZERO),
            window.getLowerBound(),
            window.getUpperBound(),
            null,
            window.getExclude());
      }
    }
    return window;
  }

  private static SqlWindow withoutFrame(SqlWindow window) {
    return new SqlWindow(
        window.getParserPosition(),
        null,
        window.getRefName(),
        window.getPartitionList(),
        window.getOrderList(),
        SqlLiteral.createBoolean(false, SqlParserPos.ZERO),
        null,
        null,
        null,
        SqlWindow.createExcludeNoOthers(SqlParserPos.ZERO));
  }
}
