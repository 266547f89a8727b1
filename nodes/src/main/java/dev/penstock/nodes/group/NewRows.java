package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.nodes.table.FirstRows;
import dev.penstock.nodes.table.KeyTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Of each batch, the rows whose key columns were not in a batch before (null equals null). What is
 * kept are the keys. Not thread-safe.
 */
public final class NewRows implements AutoCloseable {
  private final int[] keys;
  private final KeyTable table;
  private int[] groups = {};

  /**
   * @param types of the columns of the batches
   * @param keys ordinals of the key columns
   * @param what names the holder in a LIMIT error
   */
  public NewRows(
      DataType[] types, int[] keys, Budget budget, String what, CancellationToken token) {
    this.keys = keys.clone();
    DataType[] keyTypes = new DataType[keys.length];
    for (int k = 0; k < keyTypes.length; k++) {
      keyTypes[k] = types[keys[k]];
    }
    this.table = new KeyTable(keyTypes, budget, what, token);
  }

  /** All columns are keys. */
  public NewRows(DataType[] types, Budget budget, String what, CancellationToken token) {
    this(types, ordinals(types.length), budget, what, token);
  }

  static int[] ordinals(int n) {
    int[] out = new int[n];
    Arrays.setAll(out, i -> i);
    return out;
  }

  /** The new rows in their order, or null when there is none. */
  public @Nullable Batch of(Batch batch) {
    int n = batch.count();
    if (groups.length < n) {
      groups = new int[Math.max(n, Batch.ROWS)];
    }
    Column[] columns = new Column[keys.length];
    for (int k = 0; k < columns.length; k++) {
      columns[k] = batch.column(keys[k]);
    }
    int known = table.groups();
    table.assign(columns, batch.positions(), n, groups);
    int fresh = table.groups() - known;
    if (fresh == 0) {
      return null;
    }
    if (fresh == n) {
      return batch;
    }
    int[] rows = FirstRows.find(groups, n, known, known + fresh);
    Arrays.sort(rows);
    for (int i = 0; i < fresh; i++) {
      rows[i] = batch.position(rows[i]);
    }
    Batch narrowed = batch.withSelection(rows, fresh);
    return fresh < batch.length() >> 2 ? narrowed.compact() : narrowed;
  }

  @Override
  public void close() {
    table.close();
  }
}
