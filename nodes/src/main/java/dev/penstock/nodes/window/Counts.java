package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import org.jspecify.annotations.Nullable;

/** count: rows of the frame, or those whose argument is not null. */
final class Counts {
  private Counts() {}

  static final class Rows implements Evaluator {
    private final DataType type;
    private final FrameRows frame;

    Rows(DataType type, FrameRows frame) {
      this.type = type;
      this.frame = frame;
    }

    @Override
    public Column evaluate(Block block) {
      int n = block.count;
      int[] start = frame.start;
      int[] end = frame.end;
      long[] out = new long[n];
      for (int i = 0; i < n; i++) {
        out[i] = (long) end[i] - start[i];
      }
      return Whole.column(type, out, null, n);
    }
  }

  static final class Values extends FrameAggregate {
    private final DataType type;
    private final ArgumentCursor entering;
    private final ArgumentCursor leaving;
    private long present;
    private long[] out = {};

    Values(DataType type, Argument argument, SortedRows rows, FrameRows frame) {
      super(frame);
      this.type = type;
      this.entering = new ArgumentCursor(rows, argument);
      this.leaving = new ArgumentCursor(rows, argument);
    }

    @Override
    void open(int count) {
      out = new long[count];
    }

    @Override
    void clear(int at) {
      present = 0;
    }

    @Override
    void enter(int from, int to) {
      present += present(entering, from, to);
    }

    @Override
    void leave(int from, int to) {
      present -= present(leaving, from, to);
    }

    private static long present(ArgumentCursor cursor, int from, int to) {
      long n = 0;
      for (int row = from; row < to; row++) {
        n += cursor.isNull(row) ? 0 : 1;
      }
      return n;
    }

    @Override
    void give(int i) {
      out[i] = present;
    }

    @Override
    void none(int i) {
      out[i] = 0;
    }

    @Override
    Column column(long @Nullable [] nullBits, int count) {
      return Whole.column(type, out, nullBits, count);
    }
  }
}
