package dev.penstock.sql.calcite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over a window with a FILTER, an ORDER BY of its own, or both, which the validator
 * behind does not allow there: they are further operands. First the arguments, then the condition,
 * then what is ordered by.
 */
public final class WindowAggregate extends PlanAggregate {
  private static final Pattern NAME = Pattern.compile("(\\w+)\\$(\\d+)(f?)([aAdD]*)");

  private final int arguments;
  private final boolean filter;
  private final List<Direction> directions;

  /** The direction of one item of the order. */
  public record Direction(boolean descending, boolean nullsFirst) {}

  private WindowAggregate(
      String name, PlanAggregate of, int arguments, boolean filter, List<Direction> directions) {
    super(name, of.planName(), Optionality.FORBIDDEN, arguments);
    this.arguments = arguments;
    this.filter = filter;
    this.directions = directions;
  }

  /**
   * The aggregate that a name says, which has everything in it: {@code STRING_AGG$2fDa} has two
   * arguments, a filter, and an order that is descending with nulls first and then ascending. Null:
   * it is no such name.
   */
  static @Nullable WindowAggregate named(String name) {
    Matcher m = NAME.matcher(name);
    if (!m.matches() || !(Operators.TABLE.own(m.group(1)) instanceof PlanAggregate of)) {
      return null;
    }
    List<Direction> directions = new ArrayList<>();
    for (char c : m.group(4).toCharArray()) {
      directions.add(new Direction(c == 'd' || c == 'D', c == 'A' || c == 'D'));
    }
    return new WindowAggregate(
        name, of, Integer.parseInt(m.group(2)), !m.group(3).isEmpty(), List.copyOf(directions));
  }

  /** {@code f(x ORDER BY y) FILTER (WHERE c) OVER w}, of which w stays behind; else the call. */
  static SqlNode of(SqlNode function) {
    SqlNode condition = null;
    SqlNode node = function;
    if (node.getKind() == SqlKind.FILTER) {
      condition = ((SqlCall) node).operand(1);
      node = ((SqlCall) node).operand(0);
    }
    SqlNodeList order = SqlNodeList.EMPTY;
    if (node.getKind() == SqlKind.WITHIN_GROUP) {
      order = ((SqlCall) node).operand(1);
      node = ((SqlCall) node).operand(0);
    }
    if (!(node instanceof SqlCall call)
        || node == function
        || !(aggregate(call, order) instanceof PlanAggregate own)) {
      return function;
    }
    List<SqlNode> operands = new ArrayList<>(call.getOperandList());
    int arguments = operands.size();
    if (condition != null) {
      operands.add(condition);
    }
    StringBuilder name = new StringBuilder(own.getName()).append('$').append(arguments);
    name.append(condition == null ? "" : "f");
    for (SqlNode item : order) {
      SqlNode e = item;
      boolean descending = false;
      boolean nullsFirst = false;
      while (e.getKind() == SqlKind.DESCENDING
          || e.getKind() == SqlKind.NULLS_FIRST
          || e.getKind() == SqlKind.NULLS_LAST) {
        descending |= e.getKind() == SqlKind.DESCENDING;
        nullsFirst |= e.getKind() == SqlKind.NULLS_FIRST;
        e = ((SqlCall) e).operand(0);
      }
      operands.add(e);
      char letter = descending ? 'd' : 'a';
      name.append(nullsFirst ? Character.toUpperCase(letter) : letter);
    }
    return Objects.requireNonNull(named(name.toString()))
        .createCall(
            call.getFunctionQuantifier(),
            call.getParserPosition(),
            operands.toArray(SqlNode[]::new));
  }

  /** In an order of its own, the first value of a frame is an aggregate. */
  private static @Nullable SqlOperator aggregate(SqlCall call, SqlNodeList order) {
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    boolean value = name.equals("FIRST_VALUE") || name.equals("LAST_VALUE");
    return Operators.TABLE.own(
        value && !order.isEmpty() ? name.substring(0, name.indexOf('_')) : name);
  }

  /** How many operands are arguments. */
  public int arguments() {
    return arguments;
  }

  /** Is the operand behind the arguments a condition? */
  public boolean hasFilter() {
    return filter;
  }

  /** The directions of the last operands. */
  public List<Direction> directions() {
    return directions;
  }
}
