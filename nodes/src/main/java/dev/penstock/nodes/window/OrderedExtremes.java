package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.nodes.table.Ints;
import org.jspecify.annotations.Nullable;

/**
 * min and max of strings and of values of two words: as {@link WordExtremes}, but a state is a row
 * only, whose value is read when it is compared.
 */
final class OrderedExtremes extends FrameAggregate {
  private final SortedRows rows;
  private final Argument argument;
  private final Ordering ordering;
  private final int sign;
  private final ArgumentCursor entering;
  private final ArgumentCursor turning;
  private final Ints front;
  private final Value back = new Value();
  private final Value frontBest = new Value();
  private int base;
  private int middle;
  private int[] out = {};

  /** A row and where its value is; the column may hold other rows beside it. */
  private static final class Value {
    int row = -1;
    @Nullable FlatColumn column;
    int position;

    void set(int newRow, FlatColumn newColumn, int newPosition) {
      row = newRow;
      column = newColumn;
      position = newPosition;
    }
  }

  OrderedExtremes(String name, Argument argument, SortedRows rows, FrameRows frame) {
    super(frame);
    this.rows = rows;
    this.argument = argument;
    this.ordering = Ordering.of(argument.type());
    this.sign = name.equals("max") ? -1 : 1;
    this.entering = new ArgumentCursor(rows, argument);
    this.turning = new ArgumentCursor(rows, argument);
    this.front = new Ints(rows.memory);
  }

  @Override
  void open(int count) {
    out = new int[count];
  }

  @Override
  void clear(int at) {
    back.row = -1;
    middle = at;
  }

  /** Whether a value comes before the best so far. */
  private boolean isBetter(FlatColumn column, int position, Value best) {
    FlatColumn other = best.column;
    return best.row < 0
        || other == null
        || sign * Integer.signum(ordering.compareFlat(column, position, other, best.position)) < 0;
  }

  @Override
  void enter(int from, int to) {
    for (int row = from; row < to; row++) {
      if (!entering.isNull(row) && isBetter(entering.column, row - entering.from, back)) {
        back.set(row, entering.column, row - entering.from);
      }
    }
  }

  @Override
  void leave(int from, int to) {
    if (to <= middle) {
      return;
    }
    base = to;
    middle = high;
    front.ensure(middle - base);
    Value best = new Value();
    for (int row = middle - 1; row >= base; row--) {
      if (!turning.isNull(row) && isBetter(turning.column, row - turning.from, best)) {
        best.set(row, turning.column, row - turning.from);
      }
      front.set(row - base, best.row);
    }
    back.row = -1;
    frontBest.row = -1;
  }

  @Override
  void give(int i) {
    int row = low < middle ? front.get(low - base) : -1;
    if (row < 0 || back.row < 0) {
      out[i] = Math.max(row, back.row);
      return;
    }
    FlatColumn value = frontBest.column;
    if (frontBest.row != row || value == null) {
      value = rows.at(argument, new int[] {row}, 1).flat(null, 1);
      frontBest.set(row, value, 0);
    }
    out[i] = isBetter(value, 0, back) ? row : back.row;
  }

  @Override
  void none(int i) {
    out[i] = -1;
  }

  @Override
  Column column(long @Nullable [] nullBits, int count) {
    return rows.at(argument, out, count);
  }

  @Override
  public void close() {
    front.clear();
  }
}
