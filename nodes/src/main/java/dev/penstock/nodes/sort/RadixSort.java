package dev.penstock.nodes.sort;

import dev.penstock.monitor.CancellationToken;

/**
 * Sorts ids by unsigned 64-bit prefixes: least significant digit first, eight bits a pass, passes
 * whose digit is the same in all rows left out; few rows by insertion. Stable.
 */
final class RadixSort {
  private static final int DIGITS = 8;
  private static final int FEW = 32;
  private static final int CHECK_FROM = 1 << 14;

  private RadixSort() {}

  /**
   * Sorts n entries of both arrays, from index {@code at} on.
   *
   * @param scratch at least n long
   * @param idScratch at least n long
   */
  static void sort(
      long[] prefixes,
      int[] ids,
      int at,
      int n,
      long[] scratch,
      int[] idScratch,
      CancellationToken token) {
    if (n <= FEW) {
      insertion(prefixes, ids, at, n);
      return;
    }
    long or = 0;
    long and = -1;
    for (int i = at; i < at + n; i++) {
      or |= prefixes[i];
      and &= prefixes[i];
    }
    long differing = or ^ and;
    if (differing == 0) {
      return;
    }
    long[] from = prefixes;
    int[] fromIds = ids;
    int fromAt = at;
    long[] to = scratch;
    int[] toIds = idScratch;
    int toAt = 0;
    int[] counts = new int[256];
    for (int d = 0; d < DIGITS; d++) {
      int shift = 8 * d;
      if ((differing >>> shift & 0xFF) == 0) {
        continue;
      }
      if (n >= CHECK_FROM) {
        token.check();
      }
      java.util.Arrays.fill(counts, 0);
      int end = fromAt + n;
      for (int i = fromAt; i < end; i++) {
        counts[(int) (from[i] >>> shift) & 0xFF]++;
      }
      int sum = toAt;
      for (int k = 0; k < 256; k++) {
        int c = counts[k];
        counts[k] = sum;
        sum += c;
      }
      for (int i = fromAt; i < end; i++) {
        int place = counts[(int) (from[i] >>> shift) & 0xFF]++;
        to[place] = from[i];
        toIds[place] = fromIds[i];
      }
      long[] swap = from;
      from = to;
      to = swap;
      int[] swapIds = fromIds;
      fromIds = toIds;
      toIds = swapIds;
      int swapAt = fromAt;
      fromAt = toAt;
      toAt = swapAt;
    }
    if (from != prefixes) {
      System.arraycopy(from, fromAt, prefixes, at, n);
      System.arraycopy(fromIds, fromAt, ids, at, n);
    }
  }

  private static void insertion(long[] prefixes, int[] ids, int at, int n) {
    for (int i = at + 1; i < at + n; i++) {
      long p = prefixes[i];
      int id = ids[i];
      int k = i - 1;
      while (k >= at && prefixes[k] + Long.MIN_VALUE > p + Long.MIN_VALUE) {
        prefixes[k + 1] = prefixes[k];
        ids[k + 1] = ids[k];
        k--;
      }
      prefixes[k + 1] = p;
      ids[k + 1] = id;
    }
  }
}
