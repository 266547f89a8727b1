package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.FlatColumns;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.Expr;
import java.util.List;

/** The key columns of a batch, in the form in which both sides compare them. */
final class KeyColumns {
  private KeyColumns() {}

  /**
   * Evaluates the keys.
   *
   * @param integers widen each to a flat int64 column (its type is int64, whatever the key's is)
   */
  static Column[] of(List<? extends Expr> keys, boolean integers, Batch batch) {
    Column[] out = new Column[keys.size()];
    for (int k = 0; k < out.length; k++) {
      Column column = keys.get(k).eval(batch);
      out[k] = integers ? widened(column, batch) : column;
    }
    return out;
  }

  private static LongColumn widened(Column column, Batch batch) {
    int count = batch.count();
    int length = batch.length();
    FlatColumn flat = column.flat(batch.selection(), count);
    if (flat instanceof LongColumn c) {
      return (LongColumn) FlatColumns.as(c, DataType.INT64);
    }
    long[] out = new long[length];
    int[] selection = batch.selection();
    if (flat instanceof IntColumn c) {
      int[] in = c.values();
      if (selection == null) {
        for (int i = 0; i < count; i++) {
          out[i] = in[i];
        }
      } else {
        for (int i = 0; i < count; i++) {
          int p = selection[i];
          out[p] = in[p];
        }
      }
    } else {
      BitColumn bits = (BitColumn) flat;
      for (int i = 0; i < count; i++) {
        int p = batch.position(i);
        out[p] = bits.get(p) ? 1 : 0;
      }
    }
    return new LongColumn(DataType.INT64, out, flat.nulls(), length);
  }
}
