package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of the first row of each block that a lane wrote, in the order of writing: where the
 * order can be cut. Given up when there is no memory for it; then the order is one range.
 */
final class BlockIndex implements AutoCloseable {
  private final Budget budget;
  private final Reservation memory;
  private final SortLayout layout;
  final RowStore rows;
  private boolean complete;

  /** An index with a budget of its own below that of the query. */
  BlockIndex(SortLayout layout, Budget above) {
    this.budget = above.child("block index");
    this.memory = budget.open("block index");
    this.layout = layout;
    this.rows = new RowStore(types(layout), memory);
    this.complete = layout.keys.length > 0;
  }

  private static DataType[] types(SortLayout layout) {
    DataType[] types = new DataType[layout.keys.length];
    for (int k = 0; k < types.length; k++) {
      types[k] = layout.keys[k].expr().type();
    }
    return types;
  }

  /** The sort of the index itself: its columns are the keys. */
  static SortLayout layout(SortLayout of) {
    List<SortKey> keys = new ArrayList<>();
    for (int k = 0; k < of.keys.length; k++) {
      SortKey key = of.keys[k];
      keys.add(
          new SortKey(new ColumnExpr(k, key.expr().type()), key.descending(), key.nullsFirst()));
    }
    return new SortLayout(types(of), keys);
  }

  /** Adds the first row of a block. The entry, or -1 when the index was given up. */
  int add(Batch block) {
    if (!complete) {
      return -1;
    }
    Column[] keys = layout.keyColumns(block.columns());
    for (int k = 0; k < keys.length; k++) {
      keys[k] = keys[k].gather(new int[1], 1).flat(null, 1);
    }
    Batch row = Batch.of(1, keys);
    if (!budget.prepare(rows.growth(row))) {
      giveUp();
      return -1;
    }
    rows.append(row);
    return (int) rows.rows() - 1;
  }

  boolean isComplete() {
    return complete;
  }

  void giveUp() {
    complete = false;
    rows.close();
    budget.trim();
  }

  @Override
  public void close() {
    rows.close();
    memory.close();
    budget.close();
  }
}
