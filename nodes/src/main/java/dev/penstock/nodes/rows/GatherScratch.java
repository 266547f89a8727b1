package dev.penstock.nodes.rows;

import java.util.Arrays;

/**
 * Arrays for what is gathered from stores and used up before the next call: a block that is
 * written. As large as the largest so far; not reserved here: whoever gathers has reserved room for
 * a block.
 *
 * <p>Concurrency: one thread.
 */
public final class GatherScratch {
  private byte[][] slabs = {};
  private int[][] offsets = {};
  private long[][] longs = {};
  private long[] words = {};

  byte[] slab(int column, int size) {
    if (column >= slabs.length) {
      slabs = Arrays.copyOf(slabs, column + 1);
    }
    byte[] had = slabs[column];
    if (had == null || had.length < size) {
      had = new byte[size];
      slabs[column] = had;
    }
    return had;
  }

  int[] offsets(int column, int size) {
    if (column >= offsets.length) {
      offsets = Arrays.copyOf(offsets, column + 1);
    }
    int[] had = offsets[column];
    if (had == null || had.length < size) {
      had = new int[size];
      offsets[column] = had;
    }
    return had;
  }

  long[] longs(int column, int size) {
    if (column >= longs.length) {
      longs = Arrays.copyOf(longs, column + 1);
    }
    long[] had = longs[column];
    if (had == null || had.length < size) {
      had = new long[size];
      longs[column] = had;
    }
    return had;
  }

  /** Where values lie; for one column at a time. */
  long[] words(int size) {
    if (words.length < size) {
      words = new long[size];
    }
    return words;
  }
}
