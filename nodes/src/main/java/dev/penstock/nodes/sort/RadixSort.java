package dev.penstock.nodes.sort;

import dev.penstock.monitor.CancellationToken;

/**
 * Sorts ids by unsigned 64-bit prefixes: least significant digit first, eight bits a pass, passes whose digit is the same in all rows left
 * out. Stable.
 */
final class RadixSort {
  private static final int DIGITS = 8;

  private RadixSort() {}

  /** Sorts both arrays, the first n entries, using scratch arrays of the same length. */
  static void sort(
      long[] prefixes, int[] ids, int n, long[] scratch, int[] idScratch, CancellationToken token) {
    long or = 0;
    long and = -1;
    for (int i = 0; i < n; i++) {
      or |= prefixes[i];
      and &= prefixes[i];
    }
    long differing = or ^ and;
    long[] from = prefixes;
    int[] fromIds = ids;
    long[] to = scratch;
    int[] toIds = idScratch;
    int[] counts = new int[256];
    for (int d = 0; d < DIGITS; d++) {
      int shift = 8 * d;
      if ((differing >>> shift & 0xFF) == 0) {
        continue;
      }
      token.check();
      java.util.Arrays.fill(counts, 0);
      for (int i = 0; i < n; i++) {
        counts[(int) (from[i] >>> shift) & 0xFF]++;
      }
      int sum = 0;
      for (int k = 0; k < 256; k++) {
        int c = counts[k];
        counts[k] = sum;
        sum += c;
      }
      for (int i = 0; i < n; i++) {
        int at = counts[(int) (from[i] >>> shift) & 0xFF]++;
        to[at] = from[i];
        toIds[at] = fromIds[i];
      }
      long[] swap = from;
      from = to;
      to = swap;
      int[] swapIds = fromIds;
      fromIds = toIds;
      toIds = swapIds;
    }
    if (from != prefixes) {
      System.arraycopy(from, 0, prefixes, 0, n);
      System.arraycopy(fromIds, 0, ids, 0, n);
    }
  }
}
