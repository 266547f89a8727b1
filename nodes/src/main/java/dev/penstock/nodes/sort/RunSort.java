package dev.penstock.nodes.sort;

import dev.penstock.batch.Bits;
import dev.penstock.batch.Layout;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the rows of a store, a prefix at a time: all rows by the prefix of the first key, then the
 * rows of each group that is still equal by the next prefix, and so on. A string has two prefixes;
 * what a key's prefixes leave undecided is compared.
 *
 * <pre>
 * starts   1 0 0 1 1 0 ...    a bit for each row that begins a group of rows not told apart yet
 * </pre>
 *
 * <p>Memory: 24 bytes a row and a bit, 8 more when there are groups to refine, 16 when the second
 * prefixes are kept and there is a third.
 */
final class RunSort {
  private static final int CHUNK = RowStore.SEGMENT_ROWS;
  private static final int CHECK_EVERY = 1 << 16;

  private final RowStore store;
  private final SortLayout layout;
  private final Reservation memory;
  private final CancellationToken token;
  private final KeyColumns keys;
  private final int n;
  private final int[] ids;
  private final long[] prefixes;
  private final int[] idScratch;
  private final long[] scratch;
  private final long[] starts;
  private long @Nullable [] seconds;
  private long @Nullable [] work;
  private long reserved;

  RunSort(RowStore store, SortLayout layout, Reservation memory, CancellationToken token) {
    this.store = store;
    this.layout = layout;
    this.memory = memory;
    this.token = token;
    this.keys = new KeyColumns(store, layout, memory);
    this.n = Math.toIntExact(store.rows());
    boolean sorts = layout.keys.length > 0;
    int starting = sorts ? Bits.words(n + 1) : 0;
    reserve(keptBytes(n, false) + (sorts ? 12L * n : 0) + 8L * starting);
    this.ids = new int[n];
    this.prefixes = new long[n];
    this.idScratch = new int[sorts ? n : 0];
    this.scratch = new long[sorts ? n : 0];
    this.starts = new long[starting];
  }

  /** Bytes that a run of so many rows keeps. */
  static long keptBytes(long rows, boolean seconds) {
    return rows * (seconds ? 20 : 12);
  }

  private void reserve(long bytes) {
    memory.grow(bytes);
    reserved += bytes;
  }

  SortedRun sort() {
    KeyPrefix first = layout.keys.length == 0 ? null : new KeyPrefix(layout.keys[0]);
    int at = 0;
    for (int s = 0; s < store.segments(); s++) {
      int m = store.segmentRows(s);
      if (first != null) {
        first.compute(store.segment(layout.keyColumns[0], s), m, prefixes, at);
      }
      for (int i = 0; i < m; i++) {
        ids[at + i] = (s << RowStore.SEGMENT_BITS) + i;
      }
      at += m;
    }
    boolean firstExact = false;
    boolean secondExact = false;
    if (first != null) {
      RadixSort.sort(prefixes, ids, 0, n, scratch, idScratch, token);
      firstExact = first.exact();
      secondExact = refine(firstExact);
    }
    memory.shrink(reserved - keptBytes(n, seconds != null));
    return new SortedRun(keys, layout, memory, ids, prefixes, seconds, firstExact, secondExact);
  }

  /** Refines the order by the first prefixes; whether equal seconds mean equal first two keys. */
  private boolean refine(boolean firstExact) {
    Bits.set(starts, 0);
    Bits.set(starts, n);
    int tied = split(0, n, prefixes);
    boolean secondExact = false;
    for (int k = 0; k < layout.keys.length && tied > 0; k++) {
      boolean exact = k == 0 && firstExact;
      if (k > 0) {
        KeyPrefix prefix = new KeyPrefix(layout.keys[k]);
        tied = refineBy(k, prefix, k == 1 && firstExact ? tied : 0);
        exact = prefix.exact();
        secondExact |= k == 1 && exact;
      }
      if (!exact && tied > 0) {
        if (layout.keys[k].expr().type().layout() == Layout.BYTES) {
          KeyPrefix continued = new KeyPrefix(layout.keys[k], KeyPrefix.CONTINUED);
          tied = refineBy(k, continued, k == 0 ? tied : 0);
        }
        tied = tied == 0 ? 0 : compareGroups(k);
      }
    }
    return secondExact && firstExact;
  }

  /**
   * Sets the starts of groups among the rows of a group whose sorted prefixes differ; the number of
   * rows that are still tied.
   */
  private int split(int from, int to, long[] by) {
    int tied = 0;
    int start = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || by[i] != by[i - 1]) {
        if (i < to) {
          Bits.set(starts, i);
        }
        tied += i - start > 1 ? i - start : 0;
        start = i;
      }
    }
    return tied;
  }

  private int next(int from) {
    int w = from >> 6;
    long word = starts[w] & -1L << from;
    while (word == 0) {
      word = starts[++w];
    }
    return (w << 6) + Long.numberOfTrailingZeros(word);
  }

  /**
   * Sorts each group by a prefix of a key; the number of rows that are still tied.
   *
   * @param tied when many rows are, the prefixes of all rows are made, and kept for merging; 0 =
   *     not
   */
  private int refineBy(int key, KeyPrefix prefix, int tied) {
    boolean all = tied > 0 && tied >= n / 16;
    long[] by = work;
    if (by == null) {
      reserve(8L * n);
      by = new long[n];
    }
    work = all ? null : by;
    for (int at = 0; at < n; at += CHUNK) {
      int m = Math.min(CHUNK, n - at);
      if (at % CHECK_EVERY == 0) {
        token.check();
      }
      if (all || hasTies(at, m)) {
        int[] chunk = Arrays.copyOfRange(ids, at, at + m);
        prefix.compute(store.gather(layout.keyColumns[key], chunk, m), m, by, at);
      }
    }
    int left = 0;
    int checked = 0;
    for (int from = 0; from < n; ) {
      int to = next(from + 1);
      if (to - from > 1) {
        RadixSort.sort(by, ids, from, to - from, scratch, idScratch, token);
        left += split(from, to, by);
      }
      if (to - checked > CHECK_EVERY) {
        token.check();
        checked = to;
      }
      from = to;
    }
    if (all) {
      seconds = by;
    }
    return left;
  }

  private boolean hasTies(int at, int m) {
    // A group may reach in from the left: then its start is not here.
    for (int i = at; i < at + m; i++) {
      if (!Bits.get(starts, i)) {
        return true;
      }
    }
    return !Bits.get(starts, at + m);
  }

  /**
   * Sorts by comparison the groups that one key tells apart, by this key and all that follow; how
   * many rows of other groups are tied.
   */
  private int compareGroups(int key) {
    int left = 0;
    int checked = 0;
    for (int from = 0; from < n; ) {
      int to = next(from + 1);
      if (to - from > 1) {
        if (isAllEqual(key, from, to)) {
          left += to - from;
        } else {
          mergeSort(key, from, to);
          for (int i = from + 1; i < to; i++) {
            Bits.set(starts, i);
          }
        }
      }
      if (to - checked > CHECK_EVERY) {
        token.check();
        checked = to;
      }
      from = to;
    }
    return left;
  }

  private boolean isAllEqual(int key, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (!keys.isEqual(key, ids[i - 1], ids[i])) {
        return false;
      }
    }
    return true;
  }

  private int compare(int key, int a, int b) {
    return keys.compare(key, a, keys, b);
  }

  /** Stable merge sort of ids[from until to]. */
  private void mergeSort(int key, int from, int to) {
    int count = to - from;
    if (count <= 12) {
      for (int i = from + 1; i < to; i++) {
        int id = ids[i];
        int k = i - 1;
        while (k >= from && compare(key, ids[k], id) > 0) {
          ids[k + 1] = ids[k];
          k--;
        }
        ids[k + 1] = id;
      }
      return;
    }
    if (count > CHECK_EVERY) {
      token.check();
    }
    int mid = (from + to) >>> 1;
    mergeSort(key, from, mid);
    mergeSort(key, mid, to);
    if (compare(key, ids[mid - 1], ids[mid]) <= 0) {
      return;
    }
    int left = mid - from;
    System.arraycopy(ids, from, idScratch, 0, left);
    int a = 0;
    int b = mid;
    int at = from;
    while (a < left && b < to) {
      ids[at++] = compare(key, idScratch[a], ids[b]) <= 0 ? idScratch[a++] : ids[b++];
    }
    System.arraycopy(idScratch, a, ids, at, left - a);
  }
}
