package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import org.jspecify.annotations.Nullable;

/**
 * Merges a range of spilled runs: a tournament tree as in {@link RunMerge}, over one decoded block
 * of each run. Rows are picked into two arrays (which slot, which place), then gathered; blocks
 * that are exhausted meanwhile are given back after that.
 *
 * <p>Used by one thread at a time.
 */
final class BlockMerge {
  private final SharedBlocks blocks;
  private final SortLayout layout;
  private final int cutBy;
  private final boolean continued;
  private final Interleave rows;
  private final int k;

  private final RunBlock[] block;
  private final int[] number;
  private final int[] last;
  private final int[] slot;
  private final int[] at;
  private final int[] end;
  private final boolean[] ended;
  private final long[] first;
  private final long[] second;
  private final int[] losers;

  private final int[] freeSlots;
  private int free;
  private final int[] retiredSlots;
  private final int[] retiredRuns;
  private final int[] retiredNumbers;
  private int retired;

  private Column @Nullable [] endKeys;
  private int endKey;
  private long endPrefix;
  private int winner;
  private int open;
  private boolean stalled;

  final int[] slots;
  final int[] places;

  /**
   * @param cutBy how many keys tell where ranges begin
   * @param spare blocks that may be exhausted in one batch, at least one
   * @param batchRows rows that are picked at once at most
   */
  BlockMerge(
      SharedBlocks blocks, SortLayout layout, int cutBy, int runs, int spare, int batchRows) {
    this.cutBy = cutBy;
    this.blocks = blocks;
    this.layout = layout;
    this.continued = RunBlock.isContinued(layout);
    this.k = runs;
    int all = runs + spare;
    this.rows = new Interleave(layout.types, all);
    this.block = new RunBlock[runs];
    this.number = new int[runs];
    this.last = new int[runs];
    this.slot = new int[runs];
    this.at = new int[runs];
    this.end = new int[runs];
    this.ended = new boolean[runs];
    this.first = new long[runs];
    this.second = new long[runs];
    this.losers = new int[runs];
    this.freeSlots = new int[all];
    for (int s = 0; s < all; s++) {
      freeSlots[s] = s;
    }
    this.free = all;
    this.retiredSlots = new int[all];
    this.retiredRuns = new int[all];
    this.retiredNumbers = new int[all];
    this.slots = new int[batchRows];
    this.places = new int[batchRows];
  }

  /** Bytes of the arrays here. */
  static long bytes(int runs, int spare, int columns, int batchRows) {
    return 8L * (runs + spare) * (columns + 10) + 8L * batchRows + 1024;
  }

  /**
   * Begins with a range.
   *
   * @param from for each run the block it begins in
   * @param to and the last one it may reach into
   * @param cutKeys keys of the rows where ranges begin; null when there are no cuts
   * @param start the row of them before which nothing belongs to the range; negative: it begins at
   *     the beginning
   * @param stop the row of them from which on nothing belongs to it; negative: it ends at the end
   */
  void begin(int[] from, int[] to, Column @Nullable [] cutKeys, int start, int stop) {
    flush();
    long startPrefix = prefix(cutKeys, start);
    endKeys = stop < 0 ? null : cutKeys;
    endKey = stop;
    endPrefix = prefix(cutKeys, stop);
    open = 0;
    stalled = false;
    for (int r = 0; r < k; r++) {
      number[r] = from[r];
      last[r] = to[r];
      ended[r] = false;
      RunBlock b = blocks.take(r, from[r]);
      block[r] = b;
      slot[r] = freeSlots[--free];
      rows.put(slot[r], b.columns);
      at[r] = start < 0 || cutKeys == null ? 0 : lowerBound(b, cutKeys, start, startPrefix);
      end[r] = endOf(r, b);
      open++;
      while (!ended[r] && at[r] >= end[r]) {
        nextBlock(r);
        if (retired > 0) {
          flush();
        }
      }
      if (!ended[r]) {
        head(r);
      }
    }
    winner = k == 0 ? 0 : play(1);
  }

  private long prefix(Column @Nullable [] keys, int row) {
    if (keys == null || row < 0) {
      return 0;
    }
    long[] out = new long[1];
    new KeyPrefix(layout.keys[0]).compute(keys[0].gather(new int[] {row}, 1), 1, out, 0);
    return out[0];
  }

  /** The first row of a block that is not before a row. */
  private int lowerBound(RunBlock b, Column[] keys, int row, long prefix) {
    int low = 0;
    int high = b.rows;
    while (low < high) {
      int mid = (low + high) >>> 1;
      int c = Long.compareUnsigned(b.first[mid], prefix);
      c = c != 0 ? c : layout.order.compare(0, cutBy, b.keys, mid, keys, row);
      if (c < 0) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return low;
  }

  private int endOf(int r, RunBlock b) {
    Column[] keys = endKeys;
    return keys != null && number[r] == last[r] ? lowerBound(b, keys, endKey, endPrefix) : b.rows;
  }

  private void head(int r) {
    first[r] = block[r].first[at[r]];
    second[r] = block[r].second[at[r]];
  }

  /** The block is exhausted: goes to the next one, which may be so at once, or ends the run. */
  private void nextBlock(int r) {
    retiredSlots[retired] = slot[r];
    retiredRuns[retired] = r;
    retiredNumbers[retired++] = number[r];
    if (number[r] == last[r]) {
      ended[r] = true;
      first[r] = -1L;
      second[r] = -1L;
      open--;
      return;
    }
    number[r]++;
    RunBlock b = blocks.take(r, number[r]);
    block[r] = b;
    slot[r] = freeSlots[--free];
    rows.put(slot[r], b.columns);
    at[r] = 0;
    end[r] = endOf(r, b);
  }

  /** Gives back the blocks that are exhausted. */
  private void flush() {
    for (int i = 0; i < retired; i++) {
      rows.clear(retiredSlots[i]);
      freeSlots[free++] = retiredSlots[i];
      blocks.give(retiredRuns[i], retiredNumbers[i]);
    }
    retired = 0;
  }

  /**
   * Picks the next rows; 0 at the end of the range. What was picked before must have been gathered.
   */
  int pick(int most) {
    flush();
    int m = 0;
    while (m < most && open > 0) {
      int r = winner;
      if (!stalled) {
        slots[m] = slot[r];
        places[m++] = at[r]++;
      }
      stalled = false;
      while (!ended[r] && at[r] >= end[r]) {
        if (free == 0) {
          // Every slot is taken until these rows are gathered.
          stalled = true;
          return m;
        }
        nextBlock(r);
      }
      if (!ended[r]) {
        head(r);
      }
      replay(r);
    }
    return m;
  }

  /** Leaves out rows. */
  void skip(long count) {
    for (long left = count; left > 0; ) {
      int n = pick((int) Math.min(left, slots.length));
      if (n == 0) {
        return;
      }
      left -= n;
    }
  }

  /** Picked rows, from one until another. */
  Batch gather(int width, int from, int to) {
    return rows.gather(width, slots, places, from, to);
  }

  /** How many of the picked rows make a block of at most so many bytes. */
  int fitting(int from, int to, long mostBytes) {
    return rows.fitting(slots, places, from, to, mostBytes);
  }

  private int play(int node) {
    if (node >= k) {
      return node - k;
    }
    int a = play(2 * node);
    int b = play(2 * node + 1);
    boolean aFirst = before(a, b);
    losers[node] = aFirst ? b : a;
    return aFirst ? a : b;
  }

  private void replay(int from) {
    int r = from;
    for (int node = (r + k) >>> 1; node > 0; node >>>= 1) {
      int loser = losers[node];
      if (before(loser, r)) {
        losers[node] = r;
        r = loser;
      }
    }
    winner = r;
  }

  private boolean before(int a, int b) {
    long x = first[a];
    long y = first[b];
    return x != y ? x + Long.MIN_VALUE < y + Long.MIN_VALUE : beforeEqual(a, b);
  }

  private boolean beforeEqual(int a, int b) {
    if (ended[a] || ended[b]) {
      return ended[b] && (!ended[a] || a < b);
    }
    RunBlock x = block[a];
    RunBlock y = block[b];
    boolean exact = x.firstExact && y.firstExact;
    if (exact || continued) {
      int c = Long.compareUnsigned(second[a], second[b]);
      if (c != 0) {
        return c < 0;
      }
    }
    int decided = exact ? x.secondExact && y.secondExact ? 2 : 1 : 0;
    int c = layout.order.compare(decided, x.keys, at[a], y.keys, at[b]);
    return c < 0 || (c == 0 && a < b);
  }
}
