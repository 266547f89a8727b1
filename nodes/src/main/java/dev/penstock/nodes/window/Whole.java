package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import org.jspecify.annotations.Nullable;

/** Whole numbers as arguments and results: int32 or int64. */
final class Whole {
  private Whole() {}

  static long at(FlatColumn column, int position) {
    return column instanceof IntColumn c
        ? c.values()[position]
        : ((LongColumn) column).values()[position];
  }

  static Column column(DataType type, long[] values, long @Nullable [] nulls, int count) {
    if (type.kind() != Kind.INT32) {
      return new LongColumn(type, values, nulls, count);
    }
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = (int) values[i];
    }
    return new IntColumn(type, out, nulls, count);
  }
}
