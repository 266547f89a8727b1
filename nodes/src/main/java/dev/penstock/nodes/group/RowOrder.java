package dev.penstock.nodes.group;

import dev.penstock.batch.FlatColumn;
import dev.penstock.nodes.sort.SortKey;
import java.util.List;

/**
 * The order of the rows of a group, as an aggregate asks for it: its columns are the last ones of
 * the input. Without keys all rows are equal.
 *
 * @param first the first column that is a key
 */
record RowOrder(int first, List<SortKey> items) {
  int keys() {
    return items.size();
  }

  /** Appends the sort keys of row i. */
  void write(FlatColumn[] values, int[][] at, int i, RowBytes out) {
    for (int k = 0; k < items.size(); k++) {
      SortKey key = items.get(k);
      out.key(values[first + k], at[first + k][i], key.descending(), key.nullsFirst());
    }
  }
}
