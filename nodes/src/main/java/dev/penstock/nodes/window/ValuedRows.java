package dev.penstock.nodes.window;

import dev.penstock.batch.Bits;
import dev.penstock.nodes.table.Ints;

/**
 * The rows in which an argument is not null, in order: what functions with :ignore-nulls look at.
 */
abstract class ValuedRows implements AutoCloseable {
  static ValuedRows of(SortedRows rows, Argument argument) {
    DiskRows disk = rows.onDisk();
    return disk == null ? new Held(rows, argument) : new OnDisk(disk, argument);
  }

  /** How many of them come before a row. */
  abstract int before(int row);

  /** The row with so many before it, or -1 if there is none from {@code from} until {@code to}. */
  abstract int at(long number, int from, int to);

  @Override
  public abstract void close();

  /** All of them in memory, four bytes each. */
  private static final class Held extends ValuedRows {
    private final Ints valued;
    private int count;

    Held(SortedRows rows, Argument argument) {
      this.valued = new Ints(rows.memory);
      ArgumentCursor cursor = new ArgumentCursor(rows, argument);
      for (int row = 0; row < rows.count; row++) {
        if (!cursor.isNull(row)) {
          valued.ensure(count + 1);
          valued.set(count++, row);
        }
      }
    }

    @Override
    int before(int row) {
      int low = 0;
      int high = count;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (valued.get(middle) < row) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    @Override
    int at(long number, int from, int to) {
      if (number < 0 || number >= count) {
        return -1;
      }
      int row = valued.get((int) number);
      return row >= from && row < to ? row : -1;
    }

    @Override
    public void close() {
      valued.clear();
    }
  }

  /** How many there are before each block. */
  private static final class OnDisk extends ValuedRows {
    private final DiskRows rows;
    private final ArgumentCursor counted;
    private final ArgumentCursor found;
    private final Ints before;
    private final int count;

    OnDisk(DiskRows rows, Argument argument) {
      this.rows = rows;
      this.counted = new ArgumentCursor(rows, argument);
      this.found = new ArgumentCursor(rows, argument);
      this.before = new Ints(rows.memory);
      int n = 0;
      for (int block = 0; block < rows.blocks(); block++) {
        before.ensure(block + 1);
        before.set(block, n);
        counted.seek(rows.blockStart(block));
        n += valued(counted, counted.to - counted.from);
      }
      this.count = n;
    }

    /** How many of the first rows of a block have a value. */
    private static int valued(ArgumentCursor cursor, int n) {
      long[] nulls = cursor.column.nulls();
      return nulls == null ? n : n - Bits.count(nulls, n);
    }

    @Override
    int before(int row) {
      if (row >= rows.count) {
        return count;
      }
      counted.seek(row);
      return before.get(rows.blockOf(row)) + valued(counted, row - counted.from);
    }

    @Override
    int at(long number, int from, int to) {
      if (number < 0 || number >= count) {
        return -1;
      }
      int low = 0;
      int high = rows.blocks() - 1;
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        if (before.get(middle) <= number) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      int start = rows.blockStart(low);
      if (start >= to) {
        return -1;
      }
      found.seek(start);
      int least = 0;
      int most = found.to - start - 1;
      while (least < most) {
        int middle = (least + most) >>> 1;
        if (before.get(low) + valued(found, middle + 1) <= number) {
          least = middle + 1;
        } else {
          most = middle;
        }
      }
      int row = start + least;
      return row >= from && row < to ? row : -1;
    }

    @Override
    public void close() {
      before.clear();
    }
  }
}
