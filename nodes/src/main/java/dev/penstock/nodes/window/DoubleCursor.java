package dev.penstock.nodes.window;

import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;

/** Reads a numeric argument as doubles. */
final class DoubleCursor {
  private final ArgumentCursor cursor;
  private final int scale;
  private double[] values = {};

  DoubleCursor(SortedRows rows, Argument argument) {
    this.cursor = new ArgumentCursor(rows, argument);
    this.scale = argument.type().scale();
  }

  boolean isNull(int row) {
    if (cursor.seek(row)) {
      convert(cursor.column, cursor.to - cursor.from);
    }
    return cursor.column.isNull(row - cursor.from);
  }

  /** The value of a row that was just asked for, and is not null. */
  double value(int row) {
    return values[row - cursor.from];
  }

  private void convert(FlatColumn column, int n) {
    if (column instanceof DoubleColumn c) {
      values = c.values();
      return;
    }
    double[] out = new double[n];
    if (column instanceof IntColumn c) {
      for (int i = 0; i < n; i++) {
        out[i] = c.values()[i];
      }
    } else if (column instanceof LongColumn c) {
      for (int i = 0; i < n; i++) {
        out[i] = Int128.toDouble(c.values()[i], scale);
      }
    } else {
      PairColumn c = (PairColumn) column;
      for (int i = 0; i < n; i++) {
        out[i] = Int128.toDouble(c.high(i), c.low(i), scale);
      }
    }
    values = out;
  }
}
