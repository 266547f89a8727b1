package dev.penstock.nodes.window;

import dev.penstock.nodes.table.Ints;

/**
 * The rows in which an argument is not null, in order: what functions with :ignore-nulls look at.
 * Four bytes for each of them.
 */
final class ValuedRows implements AutoCloseable {
  private final Ints valued;
  private int count;

  ValuedRows(SortedRows rows, Argument argument) {
    this.valued = new Ints(rows.memory);
    ArgumentCursor cursor = new ArgumentCursor(rows, argument);
    for (int row = 0; row < rows.count; row++) {
      if (!cursor.isNull(row)) {
        valued.ensure(count + 1);
        valued.set(count++, row);
      }
    }
  }

  /** How many of them come before a row. */
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

  /** The row with so many before it, or -1 if there is none from {@code from} until {@code to}. */
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
