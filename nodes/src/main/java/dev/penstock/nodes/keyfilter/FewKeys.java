package dev.penstock.nodes.keyfilter;

import dev.penstock.batch.kernel.Hashes;
import java.util.Arrays;

/**
 * A list of at most {@value #MOST} words, sorted, with a table of slots beside it: the IN list.
 * Exact.
 *
 * <pre>
 * slot    0 = free, else the ordinal in sorted + 1; linear probing, at most a quarter is taken
 * </pre>
 */
final class FewKeys extends KeySet {
  static final int MOST = 4096;

  private long[] sorted;
  private int used;
  private int[] slots = {0, 0};
  private int shift = 63;

  /**
   * @param most words that are added, repeated ones counted, at most {@link #MOST}
   */
  FewKeys(int most) {
    this.sorted = new long[most];
  }

  static long bytes(int most) {
    return 64 + (8L + 32L) * Math.max(2, most);
  }

  /** All of them, ascending; only when it is sealed, and not to be written to. */
  long[] sorted() {
    return sorted;
  }

  @Override
  synchronized void add(long[] words, int count) {
    System.arraycopy(words, 0, sorted, used, count);
    used += count;
  }

  @Override
  synchronized void seal() {
    Arrays.sort(sorted, 0, used);
    int n = 0;
    for (int i = 0; i < used; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[n++] = sorted[i];
      }
    }
    used = n;
    sorted = Arrays.copyOf(sorted, n);
    int bits = Math.max(1, 34 - Integer.numberOfLeadingZeros(Math.max(1, n)));
    shift = 64 - bits;
    slots = new int[1 << bits];
    for (int i = 0; i < n; i++) {
      int s = (int) (Hashes.of(sorted[i]) >>> shift);
      while (slots[s] != 0) {
        s = s + 1 & slots.length - 1;
      }
      slots[s] = i + 1;
    }
  }

  @Override
  int select(long[] words, int[] at, int count, int[] out) {
    long[] keys = sorted;
    int[] table = slots;
    int mask = table.length - 1;
    int sh = shift;
    int n = 0;
    for (int i = 0; i < count; i++) {
      long word = words[i];
      int s = (int) (Hashes.of(word) >>> sh);
      int k = table[s];
      while (k != 0 && keys[k - 1] != word) {
        s = s + 1 & mask;
        k = table[s];
      }
      out[n] = at[i];
      n += k == 0 ? 0 : 1;
    }
    return n;
  }

  @Override
  boolean mayContainBetween(long least, long greatest) {
    int i = Arrays.binarySearch(sorted, least);
    int next = i >= 0 ? i : ~i;
    return next < sorted.length && sorted[next] <= greatest;
  }

  @Override
  String text() {
    return "a list of " + sorted.length + " keys";
  }
}
