package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.nodes.table.Longs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate of doubles whose state (three of them) can take a value and be merged, but not give
 * one back: a queue of two stacks.
 *
 * <pre>
 * rows   . . [ . . . . | . . . ) . .
 *             front     ^ back
 *                      middle
 * </pre>
 *
 * <p>The back is one state, of all rows since the middle. The front has a state for each row: that
 * of the rows from it to the middle. When rows leave beyond the middle, the front is made anew, of
 * all rows there are: each row is in two states at most, whatever the frame's length.
 *
 * <p>Over rows on disk the front has the states of one piece of rows at a time; of the pieces
 * behind it those at which they begin, from which theirs are made when rows leave up to there.
 */
abstract class DoubleFold extends FrameAggregate {
  private static final int WIDTH = 3;

  private final DataType type;
  private final DoubleCursor entering;
  private final DoubleCursor turning;
  private final double[] back = new double[WIDTH];
  private final double[] whole = new double[WIDTH];
  private final Longs front;
  private final Longs later;
  private final int pieceRows;
  private int base;
  private int limit;
  private int firstPiece;
  private int middle;
  private double[] out = {};

  DoubleFold(DataType type, Argument argument, SortedRows rows, FrameRows frame) {
    super(frame);
    this.type = type;
    this.entering = new DoubleCursor(rows, argument);
    this.turning = new DoubleCursor(rows, argument);
    this.front = new Longs(rows.memory, WIDTH, 0);
    this.later = new Longs(rows.memory, WIDTH, 0);
    this.pieceRows = rows.pieceRows();
  }

  /** Adds a value to a state; all zeros is the state of no values. */
  abstract void take(double[] state, double value);

  /** Adds the values of another state to a state. */
  abstract void merge(double[] state, double[] other);

  /** The result, NaN included; or {@link #isNone}. */
  abstract double result(double[] state);

  abstract boolean isNone(double[] state);

  @Override
  void open(int count) {
    out = new double[count];
  }

  @Override
  void clear(int at) {
    Arrays.fill(back, 0);
    middle = at;
  }

  @Override
  void enter(int from, int to) {
    for (int row = from; row < to; row++) {
      if (!entering.isNull(row)) {
        take(back, entering.value(row));
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
    double[] state = new double[WIDTH];
    int last = (middle - 1) / pieceRows;
    later.ensure(last - firstPiece);
    for (int piece = last; piece > firstPiece; piece--) {
      for (int row = pieceEnd(piece) - 1; row >= piece * pieceRows; row--) {
        turn(state, row);
      }
      write(state, later, piece - firstPiece - 1);
    }
    front(to, state);
    Arrays.fill(back, 0);
  }

  private int pieceEnd(int piece) {
    return (int) Math.min(middle, (piece + 1L) * pieceRows);
  }

  private void turn(double[] state, int row) {
    if (!turning.isNull(row)) {
      take(state, turning.value(row));
    }
  }

  private static void write(double[] state, Longs to, int i) {
    long[] chunk = to.chunks()[i >>> Longs.SHIFT];
    int at = (i & Longs.MASK) * WIDTH;
    for (int k = 0; k < WIDTH; k++) {
      chunk[at + k] = Double.doubleToRawLongBits(state[k]);
    }
  }

  private static void read(Longs from, int i, double[] state) {
    long[] chunk = from.chunks()[i >>> Longs.SHIFT];
    int at = (i & Longs.MASK) * WIDTH;
    for (int k = 0; k < WIDTH; k++) {
      state[k] = Double.longBitsToDouble(chunk[at + k]);
    }
  }

  /**
   * Makes the states of the rows of a piece from this one on; the state is that of those behind.
   */
  private void front(int from, double[] state) {
    base = from;
    limit = pieceEnd(from / pieceRows);
    front.ensure(limit - base);
    for (int row = limit - 1; row >= base; row--) {
      turn(state, row);
      write(state, front, row - base);
    }
  }

  /** The next piece. */
  private void nextFront() {
    double[] state = new double[WIDTH];
    int piece = low / pieceRows;
    if (pieceEnd(piece) < middle) {
      read(later, piece - firstPiece, state);
    }
    front(low, state);
  }

  @Override
  void give(int i) {
    double[] state = back;
    if (low < middle) {
      if (low >= limit) {
        nextFront();
      }
      read(front, low - base, whole);
      merge(whole, back);
      state = whole;
    }
    if (isNone(state)) {
      setNull(i);
    } else {
      out[i] = result(state);
    }
  }

  @Override
  Column column(long @Nullable [] nullBits, int count) {
    return new DoubleColumn(type, out, nullBits, count);
  }

  @Override
  public void close() {
    front.clear();
    later.clear();
  }
}
