package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.Layout;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.sort.Sort;
import dev.penstock.nodes.sort.SortLane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one lane of a window gathers: the rows of each hash partition in stores; or, from when they
 * do not fit, all rows in a sort by partition keys and order, which spills.
 */
final class WindowLane {
  static final int PARTITION_BITS = 4;
  static final int PARTITIONS = 1 << PARTITION_BITS;

  private final WindowLayout layout;
  private final SortLane sort;

  /** The stores of each hash partition; the last one of each takes rows. */
  private final List<List<RowStore>> stores = new ArrayList<>();

  private boolean sorts;
  private long widestRow;

  WindowLane(WindowLayout layout, SortLane sort) {
    this.layout = layout;
    this.sort = sort;
    int n = layout.partition.length == 0 ? 1 : PARTITIONS;
    for (int p = 0; p < n; p++) {
      stores.add(new ArrayList<>());
    }
  }

  List<RowStore> stores(int partition) {
    return stores.get(partition);
  }

  boolean fits(long bytes) {
    return sort.workspace().fits(bytes);
  }

  boolean sorts() {
    return sorts;
  }

  /** Takes the rows of a batch as it is stored. */
  void add(Batch stored) {
    if (sorts) {
      sort.add(stored);
      return;
    }
    List<Batch> parts = stores.size() == 1 ? List.of(stored) : scatter(stored);
    if (sort.workspace().canSpill() && !sort.workspace().fits(needed(stored, parts))) {
      spill();
      sort.add(stored);
      return;
    }
    widestRow = Math.max(widestRow, widest(stored));
    for (int p = 0; p < parts.size(); p++) {
      if (!parts.get(p).isEmpty()) {
        store(p).append(parts.get(p));
      }
    }
  }

  /** At most: a batch is not wider than its columns are. */
  private long widest(Batch stored) {
    long sum = 17L * layout.types.length;
    for (int c = 0; c < layout.types.length; c++) {
      if (layout.types[c].layout() == Layout.BYTES) {
        sum += stored.column(c).sizeBytes();
      }
    }
    return Math.min(sum, 1 << 20);
  }

  /** Bytes to append the rows, and to sort and write the largest store. */
  private long needed(Batch stored, List<Batch> parts) {
    long growth = 0;
    long rows = stored.count();
    long bytes = 0;
    for (int p = 0; p < parts.size(); p++) {
      RowStore store = store(p);
      growth += store.growth(parts.get(p));
      rows = Math.max(rows, store.rows() + parts.get(p).count());
      bytes = Math.max(bytes, store.sizeBytes());
    }
    long keys = layout.hasStringKeys() ? bytes + stored.sizeBytes() : 0;
    return growth + sort.bytesToAdopt(rows, keys, Math.max(widestRow, widest(stored)));
  }

  private RowStore store(int p) {
    List<RowStore> all = stores.get(p);
    if (all.isEmpty() || all.get(all.size() - 1).rows() >= Sort.RUN_ROWS) {
      all.add(new RowStore(layout.types, sort.memory()));
    }
    return all.get(all.size() - 1);
  }

  /** The rows of each partition in their order, as selections of the batch. */
  private List<Batch> scatter(Batch stored) {
    int count = stored.count();
    int[] positions = stored.positions();
    Column[] keys = new Column[layout.partition.length];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = stored.column(layout.partition[k]);
    }
    long[] hashes = new long[count];
    Hashes.hash(keys, positions, count, hashes);
    int[] ends = new int[PARTITIONS];
    for (int i = 0; i < count; i++) {
      ends[(int) (hashes[i] >>> (64 - PARTITION_BITS))]++;
    }
    int sum = 0;
    for (int p = 0; p < PARTITIONS; p++) {
      int n = ends[p];
      ends[p] = sum;
      sum += n;
    }
    int[] sorted = new int[count];
    for (int i = 0; i < count; i++) {
      sorted[ends[(int) (hashes[i] >>> (64 - PARTITION_BITS))]++] = positions[i];
    }
    List<Batch> out = new ArrayList<>(PARTITIONS);
    int from = 0;
    for (int p = 0; p < PARTITIONS; p++) {
      out.add(stored.withSelection(Arrays.copyOfRange(sorted, from, ends[p]), ends[p] - from));
      from = ends[p];
    }
    return out;
  }

  /** Everything goes through the sort from now on. */
  void spill() {
    sorts = true;
    for (List<RowStore> all : stores) {
      for (RowStore store : all) {
        if (store.rows() > 0) {
          sort.adopt(store);
        }
      }
      all.clear();
    }
  }

  void close() {
    for (List<RowStore> all : stores) {
      all.forEach(RowStore::close);
      all.clear();
    }
  }
}
