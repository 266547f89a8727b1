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
 * gathered at the end. Over rows on disk the front is made by pieces, as there.
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
  private final Longs later;
  private final int pieceRows;
  private int base;
  private int limit;
  private int firstPiece;
  private int middle;
  private long turnedKey;
  private long turnedRow = -1;
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
    this.later = new Longs(rows.memory, 2, 0);
    this.pieceRows = rows.pieceRows();
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
    middle = high;
    firstPiece = to / pieceRows;
    turnedRow = -1;
    int last = (middle - 1) / pieceRows;
    later.ensure(last - firstPiece);
    for (int piece = last; piece > firstPiece; piece--) {
      for (int row = pieceEnd(piece) - 1; row >= piece * pieceRows; row--) {
        turn(row);
      }
      write(later, piece - firstPiece - 1);
    }
    front(to);
    backRow = -1;
  }

  private int pieceEnd(int piece) {
    return (int) Math.min(middle, (piece + 1L) * pieceRows);
  }

  private void turn(int row) {
    if (turning.seek(row)) {
      turningKeys = keys(turning.column, turning.to - turning.from);
    }
    int i = row - turning.from;
    if ((turnedRow < 0 || turningKeys[i] < turnedKey) && !turning.column.isNull(i)) {
      turnedKey = turningKeys[i];
      turnedRow = row;
    }
  }

  private void write(Longs to, int i) {
    long[] chunk = to.chunks()[i >>> Longs.SHIFT];
    int at = (i & Longs.MASK) * 2;
    chunk[at] = turnedKey;
    chunk[at + 1] = turnedRow;
  }

  /** Makes the states of the rows of a piece from this one on, after those behind were turned. */
  private void front(int from) {
    base = from;
    limit = pieceEnd(from / pieceRows);
    front.ensure(limit - base);
    for (int row = limit - 1; row >= base; row--) {
      turn(row);
      write(front, row - base);
    }
  }

  /** The next piece. */
  private void nextFront() {
    turnedRow = -1;
    int piece = low / pieceRows;
    if (pieceEnd(piece) < middle) {
      int i = piece - firstPiece;
      long[] chunk = later.chunks()[i >>> Longs.SHIFT];
      turnedKey = chunk[(i & Longs.MASK) * 2];
      turnedRow = chunk[(i & Longs.MASK) * 2 + 1];
    }
    front(low);
  }

  @Override
  void give(int i) {
    long best = backRow;
    if (low < middle) {
      if (low >= limit) {
        nextFront();
      }
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
    later.clear();
  }
}
