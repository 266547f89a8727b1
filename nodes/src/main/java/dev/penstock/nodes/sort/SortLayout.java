package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import java.util.List;

/**
 * How sorted rows are stored: the input's columns, then those keys that are not columns of the
 * input.
 */
public final class SortLayout {
  final SortKey[] keys;
  final KeyOrder order;

  /** For each key, the stored column that holds it. */
  final int[] keyColumns;

  /** Types of the stored columns. */
  final DataType[] types;

  /** 0 until the width of the input: the ordinals that go out. */
  final int[] output;

  /** 0 until the number of stored columns. */
  final int[] all;

  /**
   * @param inputTypes types of the columns that come in and go out
   */
  public SortLayout(DataType[] inputTypes, List<SortKey> keys) {
    this.keys = keys.toArray(new SortKey[0]);
    this.order = new KeyOrder(this.keys);
    this.keyColumns = new int[this.keys.length];
    int width = inputTypes.length;
    for (int k = 0; k < keyColumns.length; k++) {
      keyColumns[k] = this.keys[k].expr() instanceof ColumnExpr c ? c.index() : width++;
    }
    this.types = java.util.Arrays.copyOf(inputTypes, width);
    for (int k = 0; k < keyColumns.length; k++) {
      types[keyColumns[k]] = this.keys[k].expr().type();
    }
    this.output = ordinals(inputTypes.length);
    this.all = ordinals(width);
  }

  private static int[] ordinals(int n) {
    int[] out = new int[n];
    for (int i = 0; i < n; i++) {
      out[i] = i;
    }
    return out;
  }

  /** Whether two rows are equal in so many first keys; the batches are as they are stored. */
  public boolean isEqual(int keyCount, Batch a, int i, Batch b, int j) {
    return order.compare(
            0,
            keyCount,
            keyColumns(a.columns()),
            a.position(i),
            keyColumns(b.columns()),
            b.position(j))
        == 0;
  }

  /** The columns of the keys, of stored columns. */
  Column[] keyColumns(Column[] stored) {
    Column[] out = new Column[keys.length];
    for (int k = 0; k < out.length; k++) {
      out[k] = stored[keyColumns[k]];
    }
    return out;
  }

  /** The batch as it is stored. */
  Batch stored(Batch batch) {
    if (types.length == output.length) {
      return batch;
    }
    Column[] columns = java.util.Arrays.copyOf(batch.columns(), types.length);
    for (int k = 0; k < keys.length; k++) {
      if (keyColumns[k] >= output.length) {
        columns[keyColumns[k]] = keys[k].expr().eval(batch);
      }
    }
    return batch.withColumns(columns);
  }
}
