package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.expr.Predicate;

/** A boolean column without nulls is true. */
public record Flag(int column) implements Predicate {
  @Override
  public DataType type() {
    return DataType.BOOLEAN;
  }

  @Override
  public Column eval(Batch batch) {
    return batch.column(column);
  }

  @Override
  public int select(Batch batch, int[] out) {
    int[] positions = batch.positions();
    int count = batch.count();
    FlatColumn flags = batch.column(column).flat(batch.selection(), count);
    long[] words = ((BitColumn) flags).words();
    int n = 0;
    for (int i = 0; i < count; i++) {
      int p = positions[i];
      out[n] = p;
      n += Bits.get(words, p) ? 1 : 0;
    }
    return n;
  }
}
