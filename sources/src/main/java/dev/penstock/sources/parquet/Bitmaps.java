package dev.penstock.sources.parquet;

/** Ranges of bitmaps in {@code long[]} words at any bit offset. */
final class Bitmaps {
  private Bitmaps() {}

  /** Sets bits from until to. */
  static void fill(long[] words, int from, int to) {
    if (from >= to) {
      return;
    }
    int first = from >> 6;
    int last = (to - 1) >> 6;
    long head = -1L << from;
    long tail = -1L >>> -to;
    if (first == last) {
      words[first] |= head & tail;
      return;
    }
    words[first] |= head;
    for (int w = first + 1; w < last; w++) {
      words[w] = -1L;
    }
    words[last] |= tail;
  }

  /**
   * Ors the inverse of n bits of a byte array (least significant first) into the words at bit
   * {@code to}; one spare word is needed.
   */
  static void orInverted(byte[] in, int from, int n, long[] words, int to) {
    int at = to;
    int left = n;
    for (int p = from; left > 0; p++) {
      long v = ~in[p] & 0xFFL;
      if (left < 8) {
        v &= (1L << left) - 1;
      }
      int s = at & 63;
      words[at >> 6] |= v << s;
      if (s > 56) {
        words[(at >> 6) + 1] |= v >>> (64 - s);
      }
      at += 8;
      left -= 8;
    }
  }

  /** Set bits in from until to. */
  static int count(long[] words, int from, int to) {
    if (from >= to) {
      return 0;
    }
    int first = from >> 6;
    int last = (to - 1) >> 6;
    long head = -1L << from;
    long tail = -1L >>> -to;
    if (first == last) {
      return Long.bitCount(words[first] & head & tail);
    }
    int sum = Long.bitCount(words[first] & head) + Long.bitCount(words[last] & tail);
    for (int w = first + 1; w < last; w++) {
      sum += Long.bitCount(words[w]);
    }
    return sum;
  }

  /** Ors bits from until from + n of one bitmap into another at bit {@code to}. */
  static void or(long[] in, int from, long[] out, int to, int n) {
    int done = 0;
    while (done < n) {
      int s = from + done;
      int d = to + done;
      int take = Math.min(n - done, Math.min(64 - (s & 63), 64 - (d & 63)));
      long v = in[s >> 6] >>> s;
      if (take < 64) {
        v &= (1L << take) - 1;
      }
      out[d >> 6] |= v << d;
      done += take;
    }
  }
}
