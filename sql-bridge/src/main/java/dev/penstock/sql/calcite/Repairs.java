package dev.penstock.sql.calcite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * What the validator refused in a query and another text of the same meaning has not: found by
 * trying. Places are columns of the respelled text.
 */
final class Repairs {
  /** A query is tried so often. */
  static final int MOST = 40;

  private static final Pattern FEW_NAMES =
      Pattern.compile(
          "List of column aliases must have same degree as table; table has (\\d+) columns"
              + " \\((.*)\\), whereas alias list has (\\d+) columns",
          Pattern.DOTALL);
  private static final Pattern NO_TABLE = Pattern.compile("Table '.*' not found", Pattern.DOTALL);
  private static final Pattern NO_COLUMN =
      Pattern.compile("Column '.*' not found in any table", Pattern.DOTALL);
  private static final Pattern NO_FIELD =
      Pattern.compile("Column '[^']*\\.[^']*' not found in table '.*'", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("'([^']*)'");

  private final Map<Integer, List<String>> names = new HashMap<>();
  private final Set<Integer> outer = new HashSet<>();
  private final StarColumns stars = new StarColumns();

  /** What was refused where a table's name is taken for a column's since. */
  private final Map<Integer, Throwable> fields = new HashMap<>();

  private final Map<Integer, SqlNode> common = new HashMap<>();

  /** Where the first name is that of a table, and the second one that of a column with fields. */
  private final Set<Integer> qualified = new HashSet<>();

  /** A column of a query around, in a grouped query. */
  static final class OuterColumn extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient SqlIdentifier column;

    OuterColumn(SqlIdentifier column, Throwable cause) {
      super(cause);
      this.column = column;
    }
  }

  /** A column that joins of a query around have in common, in a lateral query. */
  static final class CommonColumn extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient SqlIdentifier column;
    private final transient SqlNode meant;

    CommonColumn(SqlIdentifier column, SqlNode meant, Throwable cause) {
      super(cause);
      this.column = column;
      this.meant = meant;
    }
  }

  /** What stars mean. */
  StarColumns stars() {
    return stars;
  }

  /** Can what went wrong be repaired? Then the next try will do so. */
  boolean learn(Throwable problem) {
    for (Throwable t = problem; t != null; t = t.getCause()) {
      if (t instanceof StarColumns.Learnt) {
        return true;
      }
      if (t instanceof CommonColumn o) {
        return common.put(o.column.getParserPosition().getColumnNum(), o.meant) == null;
      }
      if (t instanceof OuterColumn o) {
        return outer.add(o.column.getParserPosition().getColumnNum());
      }
      if (t instanceof CalciteContextException c && c.getCause() != null) {
        if (NO_TABLE.matcher(String.valueOf(c.getCause().getMessage())).matches()) {
          return fields.putIfAbsent(c.getPosColumn(), problem) == null;
        }
        if (NO_FIELD.matcher(String.valueOf(c.getCause().getMessage())).matches()) {
          qualified.add(c.getPosColumn());
          return fields.putIfAbsent(c.getPosColumn(), problem) == null;
        }
        if (NO_COLUMN.matcher(String.valueOf(c.getCause().getMessage())).matches()
            && fields.containsKey(c.getPosColumn())) {
          return qualified.add(c.getPosColumn());
        }
        Matcher m = FEW_NAMES.matcher(String.valueOf(c.getCause().getMessage()));
        if (m.matches() && Integer.parseInt(m.group(1)) > Integer.parseInt(m.group(3))) {
          List<String> all = new ArrayList<>();
          Matcher name = NAME.matcher(m.group(2));
          while (name.find()) {
            all.add(name.group(1));
          }
          return names.put(c.getPosColumn(), all) == null;
        }
      }
    }
    return false;
  }

  /** What was wrong before a repair, if that did not help. */
  Throwable first(Throwable problem) {
    for (Throwable t = problem; t != null; t = t.getCause()) {
      if (t instanceof CalciteContextException c) {
        return fields.getOrDefault(c.getPosColumn(), problem);
      }
    }
    return problem;
  }

  /** {@code t AS u (a)}: the columns without a name keep the one they have. */
  SqlCall alias(SqlCall as) {
    if (as.operandCount() < 3 || names.isEmpty()) {
      return as;
    }
    SqlParserPos pos = as.operand(2).getParserPosition();
    List<String> all = names.get(pos.getColumnNum());
    if (all == null) {
      return as;
    }
    List<SqlNode> operands = new ArrayList<>(as.getOperandList());
    for (String name : all.subList(operands.size() - 2, all.size())) {
      operands.add(new SqlIdentifier(name, pos));
    }
    return as.getOperator().createCall(as.getParserPosition(), operands);
  }

  /**
   * An outer column as a sub-query of its own, which the validator does not look into when it asks
   * what is grouped.
   */
  SqlNode column(SqlIdentifier id) {
    SqlParserPos pos = id.getParserPosition();
    if (id.names.size() > 1 && !id.isStar() && (isAt(fields.keySet(), id, 0) || isTable(id))) {
      return field(id);
    }
    if (id.isSimple() && common.containsKey(pos.getColumnNum())) {
      return common.get(pos.getColumnNum());
    }
    if (!outer.contains(pos.getColumnNum())) {
      return id;
    }
    SqlNode row = SqlStdOperatorTable.ROW.createCall(pos, SqlLiteral.createExactNumeric("0", pos));
    SqlNode one =
        SqlStdOperatorTable.AS.createCall(
            pos,
            SqlStdOperatorTable.VALUES.createCall(pos, row),
            new SqlIdentifier("$outer", pos),
            new SqlIdentifier("$zero", pos));
    return new SqlSelect(
        pos, null, SqlNodeList.of(id), one, null, null, null, null, null, null, null, null, null);
  }

  /** {@code s.a.b} of a structure s, or {@code t.s.a} of that of a table. */
  private SqlNode field(SqlIdentifier id) {
    SqlParserPos pos = id.getParserPosition();
    int column = isTable(id) ? 2 : 1;
    SqlNode of = new SqlIdentifier(id.names.subList(0, column), pos);
    for (String name : id.names.subList(column, id.names.size())) {
      of = Operators.field(of, SqlLiteral.createCharString(name, "UTF-8", pos), pos);
    }
    return of;
  }

  private boolean isTable(SqlIdentifier id) {
    return id.names.size() > 2 && (isAt(qualified, id, 0) || isAt(qualified, id, 1));
  }

  private static boolean isAt(Set<Integer> places, SqlIdentifier id, int name) {
    return places.contains(id.getComponentParserPosition(name).getColumnNum());
  }
}
