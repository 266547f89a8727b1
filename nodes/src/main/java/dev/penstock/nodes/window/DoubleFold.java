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
 */
abstract class DoubleFold extends FrameAggregate {
  private static final int WIDTH = 3;

  private final DataType type;
  private final DoubleCursor entering;
  private final DoubleCursor turning;
  private final double[] back = new double[WIDTH];
  private final double[] whole = new double[WIDTH];
  private final Longs front;
  private int base;
  private int middle;
  private double[] out = {};

  DoubleFold(DataType type, Argument argument, SortedRows rows, FrameRows frame) {
    super(frame);
    this.type = type;
    this.entering = new DoubleCursor(rows, argument);
    this.turning = new DoubleCursor(rows, argument);
    this.front = new Longs(rows.memory, WIDTH, 0);
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
    base = to;
    middle = high;
    front.ensure(middle - base);
    long[][] chunks = front.chunks();
    double[] state = new double[WIDTH];
    for (int row = middle - 1; row >= base; row--) {
      if (!turning.isNull(row)) {
        take(state, turning.value(row));
      }
      int i = row - base;
      long[] chunk = chunks[i >>> Longs.SHIFT];
      int at = (i & Longs.MASK) * WIDTH;
      for (int k = 0; k < WIDTH; k++) {
        chunk[at + k] = Double.doubleToRawLongBits(state[k]);
      }
    }
    Arrays.fill(back, 0);
  }

  @Override
  void give(int i) {
    double[] state = back;
    if (low < middle) {
      int row = low - base;
      long[] chunk = front.chunks()[row >>> Longs.SHIFT];
      int at = (row & Longs.MASK) * WIDTH;
      for (int k = 0; k < WIDTH; k++) {
        whole[k] = Double.longBitsToDouble(chunk[at + k]);
      }
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
  }
}
