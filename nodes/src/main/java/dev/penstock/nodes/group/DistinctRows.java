package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.OneToOne;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.table.FirstRows;
import dev.penstock.nodes.table.KeyTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first row of each value of the key columns (null equals null), given as soon as it comes, in
 * the order of the input. One lane. What is kept are the keys.
 */
public final class DistinctRows extends OneToOne {
  private final int[] keys;
  private final KeyTable table;
  private int[] groups = {};

  /**
   * @param types of the columns of the input
   * @param keys ordinals of the key columns, or null for all
   */
  public DistinctRows(QueryContext query, DataType[] types, int @Nullable [] keys) {
    if (keys == null) {
      this.keys = new int[types.length];
      Arrays.setAll(this.keys, i -> i);
    } else {
      this.keys = keys.clone();
    }
    DataType[] keyTypes = new DataType[this.keys.length];
    for (int k = 0; k < keyTypes.length; k++) {
      keyTypes[k] = types[this.keys[k]];
    }
    this.table = new KeyTable(keyTypes, query.budget(), "distinct", query.token());
  }

  @Override
  protected @Nullable Batch apply(Batch batch) {
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
