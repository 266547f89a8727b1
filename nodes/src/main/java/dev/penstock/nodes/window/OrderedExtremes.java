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
  private final Ints later;
  private final int pieceRows;
  private final Value back = new Value();
  private final Value frontBest = new Value();
  private final Value turned = new Value();
  private int base;
  private int limit;
  private int firstPiece;
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
    this.later = new Ints(rows.memory);
    this.pieceRows = rows.pieceRows();
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
    middle = high;
    firstPiece = to / pieceRows;
    turned.row = -1;
    int last = (middle - 1) / pieceRows;
    later.ensure(last - firstPiece);
    for (int piece = last; piece > firstPiece; piece--) {
      for (int row = pieceEnd(piece) - 1; row >= piece * pieceRows; row--) {
        turn(row);
      }
      later.set(piece - firstPiece - 1, turned.row);
    }
    front(to);
    back.row = -1;
    frontBest.row = -1;
  }

  private int pieceEnd(int piece) {
    return (int) Math.min(middle, (piece + 1L) * pieceRows);
  }

  private void turn(int row) {
    if (!turning.isNull(row) && isBetter(turning.column, row - turning.from, turned)) {
      turned.set(row, turning.column, row - turning.from);
    }
  }

  /** Makes the states of the rows of a piece from this one on, after those behind were turned. */
  private void front(int from) {
    base = from;
    limit = pieceEnd(from / pieceRows);
    front.ensure(limit - base);
    for (int row = limit - 1; row >= base; row--) {
      turn(row);
      front.set(row - base, turned.row);
    }
    turned.column = null;
  }

  /** The next piece. */
  private void nextFront() {
    turned.row = -1;
    int piece = low / pieceRows;
    int best = pieceEnd(piece) < middle ? later.get(piece - firstPiece) : -1;
    if (best >= 0) {
      turned.set(best, rows.at(argument, new int[] {best}, 1).flat(null, 1), 0);
    }
    front(low);
  }

  @Override
  void give(int i) {
    if (low < middle && low >= limit) {
      nextFront();
    }
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
    later.clear();
  }
}
