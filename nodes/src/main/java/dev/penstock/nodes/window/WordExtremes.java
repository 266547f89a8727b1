package dev.penstock.nodes.window;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * min and max of values that order as one long: a queue of two stacks, as {@link DoubleFold} draws
 * it. A state is the key of the best row, and the row (-1 for none); the values themselves are
 * gathered at the end.
 */
final class WordExtremes extends FrameAggregate {
  private final SortedRows rows;
  private final Argument argument;

  /** All ones turns the order round: the least of these keys is the greatest value. */
  private final long turn;

  private final ArgumentCursor entering;
  private final ArgumentCursor turning;
  private long[] enteringKeys = {};
  private long[] turningKeys = {};
  private final Longs front;
  private int base;
  private int middle;
  private long backKey;
  private long backRow = -1;
  private int[] out = {};

  WordExtremes(String name, Argument argument, SortedRows rows, FrameRows frame) {
    super(frame);
    this.rows = rows;
    this.argument = argument;
    this.turn = name.equals("max") ? -1 : 0;
    this.entering = new ArgumentCursor(rows, argument);
    this.turning = new ArgumentCursor(rows, argument);
    this.front = new Longs(rows.memory, 2, 0);
  }

  private long[] keys(FlatColumn column, int n) {
    long[] out = new long[n];
    for (int i = 0; i < n; i++) {
      long key;
      if (column instanceof LongColumn c) {
        key = c.values()[i];
      } else if (column instanceof IntColumn c) {
        key = c.values()[i];
      } else if (column instanceof DoubleColumn c) {
        key = Ordering.doubleKey(c.values()[i]);
      } else {
        key = ((BitColumn) column).get(i) ? 1 : 0;
      }
      out[i] = key ^ turn;
    }
    return out;
  }

  @Override
  void open(int count) {
    out = new int[count];
  }

  @Override
  void clear(int at) {
    backRow = -1;
    middle = at;
  }

  @Override
  void enter(int from, int to) {
    for (int row = from; row < to; row++) {
      if (entering.seek(row)) {
        enteringKeys = keys(entering.column, entering.to - entering.from);
      }
      int i = row - entering.from;
      if ((backRow < 0 || enteringKeys[i] < backKey) && !entering.column.isNull(i)) {
        backKey = enteringKeys[i];
        backRow = row;
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
    long bestKey = 0;
    long bestRow = -1;
    for (int row = middle - 1; row >= base; row--) {
      if (turning.seek(row)) {
        turningKeys = keys(turning.column, turning.to - turning.from);
      }
      int i = row - turning.from;
      if ((bestRow < 0 || turningKeys[i] < bestKey) && !turning.column.isNull(i)) {
        bestKey = turningKeys[i];
        bestRow = row;
      }
      long[] chunk = chunks[(row - base) >>> Longs.SHIFT];
      int at = ((row - base) & Longs.MASK) * 2;
      chunk[at] = bestKey;
      chunk[at + 1] = bestRow;
    }
    backRow = -1;
  }

  @Override
  void give(int i) {
    long best = backRow;
    if (low < middle) {
      int row = low - base;
      long[] chunk = front.chunks()[row >>> Longs.SHIFT];
      int at = (row & Longs.MASK) * 2;
      if (chunk[at + 1] >= 0 && (best < 0 || chunk[at] <= backKey)) {
        best = chunk[at + 1];
      }
    }
    out[i] = (int) best;
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
