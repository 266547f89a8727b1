package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.Layout;

/** How many bytes the rows of a batch have when they lie flat. */
final class RowSizes {
  private RowSizes() {}

  /** Bytes of the strings of a column, those of the batch's rows. */
  static long stringBytes(Batch batch, int column) {
    Column c = batch.column(column);
    if (c.type().layout() != Layout.BYTES) {
      return 0;
    }
    int n = batch.count();
    if (c instanceof BytesColumn b && batch.selection() == null) {
      return (long) b.offsets()[n] - b.offsets()[0];
    }
    if (c instanceof ConstantColumn k) {
      return (long) n * ((BytesColumn) k.single()).size(0);
    }
    long sum = 0;
    int[] positions = batch.positions();
    for (int i = 0; i < n; i++) {
      sum += size(c, positions[i]);
    }
    return sum;
  }

  private static int size(Column c, int position) {
    if (c instanceof DictionaryColumn d) {
      int id = d.ids()[position];
      return id < 0 ? 0 : ((BytesColumn) d.dictionary()).size(id);
    }
    return c instanceof BytesColumn b ? b.size(position) : 0;
  }

  /** The longest row: bytes of its strings. */
  static long longestRow(Batch batch) {
    int[] positions = batch.positions();
    long longest = 0;
    for (int i = 0; i < batch.count(); i++) {
      long sum = 0;
      for (Column c : batch.columns()) {
        if (c.type().layout() == Layout.BYTES) {
          sum +=
              c instanceof ConstantColumn k
                  ? ((BytesColumn) k.single()).size(0)
                  : size(c, positions[i]);
        }
      }
      longest = Math.max(longest, sum);
    }
    return longest;
  }
}
