package dev.penstock.sparql.store;

import dev.penstock.nodes.SortedSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds the triples of a pattern that have a key, in a part of a run where they come by it.
 *
 * <pre>
 * parts    known known KEY          or  KEY known         or  known KEY
 * run      ... | 3 4 4 7 9 ... 12 | 12 12 40 ...          what is known before the key: positions [first, end)
 *                    ^ at           ^ block: its first triple is in the index of the run
 * </pre>
 *
 * <p>A key in the block at hand is found by steps that double, else the index leads to its block.
 * The columns of a block are unpacked when a second key in a row falls into it: until then single
 * values are read.
 */
final class RunFinder implements SortedSource.Finder {
  private static final int MASK = Block.ROWS - 1;
  private static final int NONE = -1;

  /** Bytes of the columns that are unpacked, with so many that are copied. */
  static long bytes(int copied) {
    return (2L + copied) * 8 * Block.ROWS;
  }

  private final Run run;
  private final long first;
  private final long end;
  private final long[] parts;
  private final int known;
  private final int keyAt;

  /** Whether a part behind the key is known too. */
  private final boolean hasNext;

  private final long[] keys = new long[Block.ROWS];
  private final long[] nexts;

  /** The parts of the run that are copied. */
  private final int[] copied;

  private final long[][] values;

  /** Which columns of the block at hand are unpacked already. */
  private final boolean[] unpacked;

  /** The block whose keys are unpacked, and the one into which the last key fell. */
  private long block = NONE;

  private long touched = NONE;
  private boolean any;

  /** The first triple that is not below the last key, and how many have it. */
  private long at;

  private long count;

  /**
   * @param parts what is known of the triples in the order of the run's parts, anything at the key
   * @param known how many of these are known, the key among them
   * @param keyAt the place of the key
   * @param copied parts of the run
   */
  RunFinder(Run run, long first, long end, long[] parts, int known, int keyAt, int[] copied) {
    this.run = run;
    this.first = first;
    this.end = end;
    this.parts = parts.clone();
    this.known = known;
    this.keyAt = keyAt;
    this.hasNext = known == keyAt + 2;
    this.nexts = hasNext ? new long[Block.ROWS] : new long[0];
    this.copied = copied;
    this.values = new long[copied.length][];
    this.unpacked = new boolean[copied.length];
    this.at = first;
  }

  @Override
  public long find(long key) {
    if (any && key < parts[keyAt]) {
      at = first;
    }
    any = true;
    parts[keyAt] = key;
    if (at >= end) {
      count = 0;
      return 0;
    }
    if (at >>> Block.SHIFT != block || isBelow(lastOfBlock())) {
      at = Math.min(end, run.bound(parts, known, false, at));
      long now = at >>> Block.SHIFT;
      if (now == touched && now != block && at < end) {
        unpack(now);
      }
      touched = now;
    } else {
      at = (block << Block.SHIFT) + bound((int) at & MASK);
    }
    count = at < end ? behind() - at : 0;
    return count;
  }

  /** The last row of the block at hand that belongs to the part of the run. */
  private int lastOfBlock() {
    return (int) Math.min(MASK, end - 1 - (block << Block.SHIFT));
  }

  private void unpack(long now) {
    block = now;
    long start = now << Block.SHIFT;
    int n = (int) Math.min(Block.ROWS, run.size() - start);
    run.copy(keyAt, start, n, keys);
    if (hasNext) {
      run.copy(keyAt + 1, start, n, nexts);
    }
    java.util.Arrays.fill(unpacked, false);
  }

  /** Is a triple of the block at hand below what is looked for? */
  private boolean isBelow(int row) {
    long key = parts[keyAt];
    return keys[row] < key || (hasNext && keys[row] == key && nexts[row] < parts[keyAt + 1]);
  }

  private boolean isEqual(int row) {
    return keys[row] == parts[keyAt] && (!hasNext || nexts[row] == parts[keyAt + 1]);
  }

  /** The first row from one on that is not below; the last one of the block is not. */
  private int bound(int from) {
    if (!isBelow(from)) {
      return from;
    }
    int last = lastOfBlock();
    int low = from;
    int step = 1;
    while (low + step < last && isBelow(low + step)) {
      low += step;
      step *= 2;
    }
    int high = Math.min(last, low + step);
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (isBelow(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** Where the triples end that have the key; there may be none. */
  private long behind() {
    if (at >>> Block.SHIFT != block) {
      return run.end(parts, known, at);
    }
    int row = (int) at & MASK;
    int last = lastOfBlock();
    if (!isEqual(row)) {
      return at;
    }
    if (row == last || !isEqual(row + 1)) {
      return row == last ? behindBlock(last) : at + 1;
    }
    int in = row + 1;
    int step = 1;
    while (in + step <= last && isEqual(in + step)) {
      in += step;
      step *= 2;
    }
    int out = Math.min(last + 1, in + step);
    while (out - in > 1) {
      int middle = (in + out) >>> 1;
      if (isEqual(middle)) {
        in = middle;
      } else {
        out = middle;
      }
    }
    return in == last ? behindBlock(last) : (block << Block.SHIFT) + out;
  }

  /** The last row of the block at hand has the key: the end may be in blocks behind. */
  private long behindBlock(int last) {
    return run.end(parts, known, (block << Block.SHIFT) + last);
  }

  @Override
  public void copy(int column, long from, int n, long[] out, int outAt) {
    long start = at + from;
    if (start >>> Block.SHIFT != block || (start + n - 1) >>> Block.SHIFT != block) {
      run.copy(copied[column], start, n, out, outAt);
      return;
    }
    long[] all = values(column);
    int row = (int) start & MASK;
    if (n == 1) {
      out[outAt] = all[row];
    } else {
      System.arraycopy(all, row, out, outAt, n);
    }
  }

  private long[] values(int column) {
    long @Nullable [] all = values[column];
    if (all == null) {
      all = new long[Block.ROWS];
      values[column] = all;
    }
    if (!unpacked[column]) {
      unpacked[column] = true;
      long start = block << Block.SHIFT;
      run.copy(copied[column], start, (int) Math.min(Block.ROWS, run.size() - start), all);
    }
    return all;
  }
}
