package dev.penstock.nodes.window;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import org.jspecify.annotations.Nullable;

/** bool-and and bool-or: how many are true, how many are false. */
final class BooleanFold extends FrameAggregate {
  private final DataType type;
  private final boolean all;
  private final ArgumentCursor entering;
  private final ArgumentCursor leaving;
  private long trues;
  private long falses;
  private long[] out = {};

  BooleanFold(String name, DataType type, Argument argument, SortedRows rows, FrameRows frame) {
    super(frame);
    this.type = type;
    this.all = name.equals("bool-and");
    this.entering = new ArgumentCursor(rows, argument);
    this.leaving = new ArgumentCursor(rows, argument);
  }

  @Override
  void open(int count) {
    out = new long[Bits.words(count)];
  }

  @Override
  void clear(int at) {
    trues = 0;
    falses = 0;
  }

  @Override
  void enter(int from, int to) {
    count(entering, from, to, 1);
  }

  @Override
  void leave(int from, int to) {
    count(leaving, from, to, -1);
  }

  private void count(ArgumentCursor cursor, int from, int to, int by) {
    for (int row = from; row < to; row++) {
      if (!cursor.isNull(row)) {
        if (((BitColumn) cursor.column).get(row - cursor.from)) {
          trues += by;
        } else {
          falses += by;
        }
      }
    }
  }

  @Override
  void give(int i) {
    if (trues + falses == 0) {
      setNull(i);
    } else if (all ? falses == 0 : trues > 0) {
      Bits.set(out, i);
    }
  }

  @Override
  Column column(long @Nullable [] nullBits, int count) {
    return new BitColumn(type, out, nullBits, count);
  }
}
