package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.Layout;

/** How many bytes the strings of a batch have when they lie flat. */
final class RowSizes {
  private static final int[] NO_SIZES = {0, 0};

  /** Bytes of the strings that are keys, and what copies of them have beside. */
  final long keyBytes;

  /** No row has more: the longest string of each column together, and the other columns. */
  final long widestRow;

  RowSizes(Batch batch, SortLayout layout) {
    long widest = 17L * layout.types.length;
    long keys = 0;
    for (int c = 0; c < layout.types.length; c++) {
      if (layout.types[c].layout() != Layout.BYTES) {
        continue;
      }
      Column column = batch.column(c);
      long sum = 0;
      int longest = 0;
      int[] positions = batch.positions();
      int n = batch.count();
      if (column instanceof ConstantColumn k) {
        longest = ((BytesColumn) k.single()).size(0);
        sum = (long) n * longest;
      } else {
        int[] ids = column instanceof DictionaryColumn d ? d.ids() : null;
        Column values = column instanceof DictionaryColumn d ? d.dictionary() : column;
        int[] offsets = values instanceof BytesColumn b ? b.offsets() : NO_SIZES;
        for (int i = 0; i < n; i++) {
          int p = ids == null ? positions[i] : ids[positions[i]];
          int size = p < 0 ? 0 : offsets[p + 1] - offsets[p];
          sum += size;
          longest = Math.max(longest, size);
        }
      }
      widest += longest;
      for (int key : layout.keyColumns) {
        keys += key == c ? sum + 5L * n + 64 : 0;
      }
    }
    this.keyBytes = keys;
    this.widestRow = widest;
  }
}
