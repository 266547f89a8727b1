package dev.penstock.nodes.sort;

import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Layout;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows of one run, for comparisons that prefixes do not decide.
 *
 * <p>Concurrency: the columns are made under the lock by the first comparison that needs them, and
 * published by a volatile write; all else is set before the run is shared.
 */
final class KeyColumns {
  private final SortLayout layout;
  private final KeyOrder order;
  private final Reservation memory;
  private final int segments;
  private RowStore store;
  private int base;
  private long heldBytes;
  private volatile Column @Nullable [][] columns;

  KeyColumns(RowStore store, SortLayout layout, Reservation memory) {
    this.store = store;
    this.layout = layout;
    this.memory = memory;
    this.segments = store.segments();
    this.order = layout.order;
  }

  RowStore store() {
    return store;
  }

  /** What is added to an id of the run to find the row in the store. */
  int base() {
    return base;
  }

  /** Moves the rows to the end of another store; columns are made anew from there, if at all. */
  void moveTo(RowStore all) {
    release();
    base = all.segments() << RowStore.SEGMENT_BITS;
    all.absorb(store);
    store = all;
  }

  /** Gives the memory of the columns back. */
  void release() {
    columns = null;
    memory.shrink(heldBytes);
    heldBytes = 0;
  }

  private Column[][] columns() {
    Column[][] made = columns;
    return made != null ? made : make();
  }

  private synchronized Column[][] make() {
    Column[][] made = columns;
    if (made == null) {
      made = new Column[layout.keys.length][segments];
      int first = base >>> RowStore.SEGMENT_BITS;
      for (int k = 0; k < made.length; k++) {
        for (int s = 0; s < segments; s++) {
          Column column = store.segment(layout.keyColumns[k], first + s);
          if (column instanceof FlatColumn && column.type().layout() == Layout.BYTES) {
            // Only strings are copied; a segment of them is small beside the run.
            memory.grow(column.sizeBytes());
            heldBytes += column.sizeBytes();
          }
          made[k][s] = column;
        }
      }
      columns = made;
    }
    return made;
  }

  /** Compares a row with one of another run (or of this one) by their keys, from one key on. */
  int compare(int firstKey, int id, KeyColumns other, int otherId) {
    Column[][] mine = columns();
    Column[][] others = other.columns();
    int s = id >> RowStore.SEGMENT_BITS;
    int p = id & (RowStore.SEGMENT_ROWS - 1);
    int os = otherId >> RowStore.SEGMENT_BITS;
    int op = otherId & (RowStore.SEGMENT_ROWS - 1);
    for (int k = firstKey; k < layout.keys.length; k++) {
      int c = order.compareKey(k, mine[k][s], p, others[k][os], op);
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }

  /** Whether two rows of this run are equal in one key. */
  boolean isEqual(int key, int id, int otherId) {
    Column[][] mine = columns();
    return order.compareKey(
            key,
            mine[key][id >> RowStore.SEGMENT_BITS],
            id & (RowStore.SEGMENT_ROWS - 1),
            mine[key][otherId >> RowStore.SEGMENT_BITS],
            otherId & (RowStore.SEGMENT_ROWS - 1))
        == 0;
  }
}
