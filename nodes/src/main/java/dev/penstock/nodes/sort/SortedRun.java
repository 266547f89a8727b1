package dev.penstock.nodes.sort;

import dev.penstock.batch.Column;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one store in sorted order: {@code ids[i]} is the i-th row, {@code prefixes[i]} its {@link KeyPrefix}. Immutable once made.
 */
public final class SortedRun {
  private static final int CHECK_EVERY = 1 << 16;

  public final RowStore store;
  public final int rows;

  /** Row ids in order; shared, not to be written. */
  public final int[] ids;
  final long[] prefixes;
  private final SortLayout layout;
  private final Ordering[] orderings;
  private final Column[][] keys;

  private SortedRun(RowStore store, SortLayout layout, int[] ids, long[] prefixes) {
    this.store = store;
    this.layout = layout;
    this.ids = ids;
    this.prefixes = prefixes;
    this.rows = ids.length;
    this.orderings = new Ordering[layout.keys.length];
    this.keys = new Column[layout.keys.length][store.segments()];
    for (int k = 0; k < orderings.length; k++) {
      orderings[k] = Ordering.of(layout.keys[k].expr().type());
      for (int s = 0; s < store.segments(); s++) {
        keys[k][s] = store.segment(layout.keyColumns[k], s);
      }
    }
  }

  /** Bytes of the order of so many rows while it is made. */
  static long workBytes(long rows) {
    return rows * 24;
  }

  /** Bytes of the order of so many rows once it is made. */
  public static long keptBytes(long rows) {
    return rows * 12;
  }

  /**
   * Sorts the rows of a store. Work memory is taken from the reservation, and given back but for what the run keeps ({@link
   * #keptBytes}). Without keys the order is that of the store.
   */
  public static SortedRun of(
      RowStore store, SortLayout layout, Reservation memory, CancellationToken token) {
    int n = Math.toIntExact(store.rows());
    memory.grow(workBytes(n));
    int[] ids = new int[n];
    long[] prefixes = new long[n];
    KeyPrefix prefix = layout.keys.length == 0 ? null : new KeyPrefix(layout.keys[0]);
    int at = 0;
    for (int s = 0; s < store.segments(); s++) {
      int m = store.segmentRows(s);
      if (prefix != null) {
        prefix.compute(store.segment(layout.keyColumns[0], s), m, prefixes, at);
      }
      for (int i = 0; i < m; i++) {
        ids[at + i] = (s << RowStore.SEGMENT_BITS) + i;
      }
      at += m;
    }
    if (prefix != null) {
      RadixSort.sort(prefixes, ids, n, new long[n], new int[n], token);
    }
    SortedRun run = new SortedRun(store, layout, ids, prefixes);
    if (prefix == null) {
      // In the order of the store.
    } else if (!prefix.exact() || layout.keys.length > 1) {
      run.breakTies(token);
    }
    memory.shrink(workBytes(n) - keptBytes(n));
    return run;
  }

  private void breakTies(CancellationToken token) {
    int from = 0;
    int[] scratch = {};
    int checked = 0;
    while (from < rows) {
      int to = from + 1;
      while (to < rows && prefixes[to] == prefixes[from]) {
        to++;
      }
      if (to - from > 1) {
        if (scratch.length < to - from) {
          scratch = new int[Math.max(to - from, 1024)];
        }
        mergeSort(from, to, scratch, token);
      }
      if (to - checked > CHECK_EVERY) {
        token.check();
        checked = to;
      }
      from = to;
    }
  }

  /** Stable merge sort of ids[from until to]. */
  private void mergeSort(int from, int to, int[] scratch, CancellationToken token) {
    int n = to - from;
    if (n <= 12) {
      for (int i = from + 1; i < to; i++) {
        int id = ids[i];
        int k = i - 1;
        while (k >= from && compareIds(ids[k], this, id) > 0) {
          ids[k + 1] = ids[k];
          k--;
        }
        ids[k + 1] = id;
      }
      return;
    }
    if (n > CHECK_EVERY) {
      token.check();
    }
    int mid = (from + to) >>> 1;
    mergeSort(from, mid, scratch, token);
    mergeSort(mid, to, scratch, token);
    if (compareIds(ids[mid - 1], this, ids[mid]) <= 0) {
      return;
    }
    int left = mid - from;
    System.arraycopy(ids, from, scratch, 0, left);
    int a = 0;
    int b = mid;
    int at = from;
    while (a < left && b < to) {
      ids[at++] = compareIds(scratch[a], this, ids[b]) <= 0 ? scratch[a++] : ids[b++];
    }
    System.arraycopy(scratch, a, ids, at, left - a);
  }

  /** Compares row i of this run with row j of another in the sort order. */
  int compare(int i, SortedRun other, int j) {
    int c = Long.compareUnsigned(prefixes[i], other.prefixes[j]);
    return c != 0 ? c : compareIds(ids[i], other, other.ids[j]);
  }

  private int compareIds(int id, SortedRun other, int otherId) {
    int s = id >> RowStore.SEGMENT_BITS;
    int p = id & (RowStore.SEGMENT_ROWS - 1);
    int os = otherId >> RowStore.SEGMENT_BITS;
    int op = otherId & (RowStore.SEGMENT_ROWS - 1);
    for (int k = 0; k < orderings.length; k++) {
      Column a = keys[k][s];
      Column b = other.keys[k][os];
      SortKey key = layout.keys[k];
      boolean an = a.isNull(p);
      boolean bn = b.isNull(op);
      if (an || bn) {
        if (an != bn) {
          return an == key.nullsFirst() ? -1 : 1;
        }
        continue;
      }
      int c = orderings[k].compare(a, p, b, op);
      if (c != 0) {
        return key.descending() ? -c : c;
      }
    }
    return 0;
  }

  /** The first row that is not before row j of the other run. */
  int lowerBound(SortedRun other, int j) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (compare(mid, other, j) < 0) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return low;
  }

  static @Nullable SortedRun longest(java.util.List<SortedRun> runs) {
    SortedRun best = null;
    for (SortedRun run : runs) {
      if (best == null || run.rows > best.rows) {
        best = run;
      }
    }
    return best;
  }
}
