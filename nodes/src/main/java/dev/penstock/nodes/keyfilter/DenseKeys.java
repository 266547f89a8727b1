package dev.penstock.nodes.keyfilter;

/**
 * Integers of a range that is not much larger than their number: one bit each. Exact.
 *
 * <pre>
 * bit (word - least) of long[][], in segments of 256 KB
 * </pre>
 */
final class DenseKeys extends KeySet {
  private final long least;
  private final long size;
  private final long[][] bits;

  /**
   * @param size greatest - least + 1, at most 2^32
   */
  DenseKeys(long least, long size) {
    this.least = least;
    this.size = size;
    this.bits = bitmap(longs(size));
  }

  static long longs(long size) {
    return size + 63 >>> 6;
  }

  @Override
  void add(long[] words, int count) {
    long first = least;
    for (int i = 0; i < count; i++) {
      long d = words[i] - first;
      long at = d >>> 6;
      setBits(bits[(int) (at >>> SEGMENT_BITS)], (int) at & SEGMENT_MASK, 1L << d);
    }
  }

  /** The words must lie in the range. */
  @Override
  int select(long[] words, int[] at, int count, int[] out) {
    long first = least;
    int n = 0;
    if (bits.length == 1) {
      long[] one = bits[0];
      for (int i = 0; i < count; i++) {
        long d = words[i] - first;
        out[n] = at[i];
        n += (int) (one[(int) (d >>> 6)] >>> d) & 1;
      }
      return n;
    }
    long[][] all = bits;
    for (int i = 0; i < count; i++) {
      long d = words[i] - first;
      long w = d >>> 6;
      out[n] = at[i];
      n += (int) (all[(int) (w >>> SEGMENT_BITS)][(int) w & SEGMENT_MASK] >>> d) & 1;
    }
    return n;
  }

  /** The bounds must lie in the range. */
  @Override
  boolean mayContainBetween(long from, long to) {
    long first = from - least;
    long last = to - least;
    for (long w = first >>> 6; w <= last >>> 6; w++) {
      long word = bits[(int) (w >>> SEGMENT_BITS)][(int) w & SEGMENT_MASK];
      if (w == first >>> 6) {
        word &= -1L << first;
      }
      if (w == last >>> 6) {
        word &= -1L >>> 63 - (last & 63);
      }
      if (word != 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  String text() {
    return "a bitmap of " + size + " bits";
  }
}
