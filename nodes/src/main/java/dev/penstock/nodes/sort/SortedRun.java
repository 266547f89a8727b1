package dev.penstock.nodes.sort;

import dev.penstock.batch.Layout;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one store in sorted order: {@code ids[i]} is the i-th row, {@code prefixes[i]} the {@link
 * KeyPrefix} of its first key, {@code seconds[i]} that of its second key (or the continued one of a
 * string), kept when many first ones are equal. The arrays do not change.
 */
public final class SortedRun {
  public final int rows;

  /** Row ids in order; shared, not to be written. */
  public final int[] ids;

  final long[] prefixes;
  private final long @Nullable [] seconds;
  private final KeyColumns keys;
  private final int keyCount;
  private final boolean firstExact;
  private final boolean secondExact;
  private final boolean secondContinues;
  private final Reservation memory;
  private long heldBytes;

  /**
   * @param firstExact equal prefixes mean equal first keys
   * @param secondExact equal prefixes and seconds mean that the first two keys are equal
   */
  SortedRun(
      KeyColumns keys,
      SortLayout layout,
      Reservation memory,
      int[] ids,
      long[] prefixes,
      long @Nullable [] seconds,
      boolean firstExact,
      boolean secondExact) {
    this.keys = keys;
    this.keyCount = layout.keys.length;
    this.memory = memory;
    this.ids = ids;
    this.prefixes = prefixes;
    this.seconds = seconds;
    this.firstExact = firstExact;
    this.secondExact = secondExact;
    this.secondContinues = keyCount > 0 && layout.keys[0].expr().type().layout() == Layout.BYTES;
    this.rows = ids.length;
    this.heldBytes = RunSort.keptBytes(rows, seconds != null);
  }

  /**
   * Sorts the rows of a store. Work memory is taken from the reservation, and given back but for
   * what the run keeps ({@link #release}). Without keys the order is that of the store.
   */
  public static SortedRun of(
      RowStore store, SortLayout layout, Reservation memory, CancellationToken token) {
    return new RunSort(store, layout, memory, token).sort();
  }

  /** The store of the rows; after {@link #join} it holds those of other runs as well. */
  public RowStore store() {
    return keys.store();
  }

  /** What is added to the ids to find the rows in the store. */
  int base() {
    return keys.base();
  }

  /**
   * Puts the rows of all runs into the store of the first, so that rows of several can be gathered
   * at once.
   */
  public static void join(List<SortedRun> runs) {
    for (int r = 1; r < runs.size(); r++) {
      runs.get(r).keys.moveTo(runs.get(0).store());
    }
  }

  /** Gives back the memory of the order, not that of the store. The run must not be used after. */
  public void release() {
    long held = heldBytes;
    heldBytes = 0;
    keys.release();
    memory.shrink(held);
  }

  /** Compares row i of this run with row j of another in the sort order. */
  int compare(int i, SortedRun other, int j) {
    int c = Long.compareUnsigned(prefixes[i], other.prefixes[j]);
    return c != 0 ? c : compareEqual(i, other, j);
  }

  /** Compares rows whose first prefixes are equal. */
  int compareEqual(int i, SortedRun other, int j) {
    boolean exact = firstExact && other.firstExact;
    if (keyCount == 0 || (exact && keyCount == 1)) {
      return 0;
    }
    long[] mine = seconds;
    long[] others = other.seconds;
    if (mine != null && others != null && (exact || secondContinues)) {
      int c = Long.compareUnsigned(mine[i], others[j]);
      if (c != 0 || (secondExact && other.secondExact && keyCount == 2)) {
        return c;
      }
    }
    return keys.compare(exact ? 1 : 0, ids[i], other.keys, other.ids[j]);
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

  static @Nullable SortedRun longest(List<SortedRun> runs) {
    SortedRun best = null;
    for (SortedRun run : runs) {
      if (best == null || run.rows > best.rows) {
        best = run;
      }
    }
    return best;
  }
}
