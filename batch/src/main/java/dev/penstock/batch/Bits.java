package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/** Bitmaps in {@code long[]} words: bit i is bit {@code i & 63} of word {@code i >> 6}. */
public final class Bits {
  private Bits() {}

  /** Words that hold so many bits. */
  public static int words(int bits) {
    return (bits + 63) >>> 6;
  }

  public static boolean get(long[] words, int i) {
    return (words[i >> 6] >>> i & 1) != 0;
  }

  public static void set(long[] words, int i) {
    words[i >> 6] |= 1L << i;
  }

  public static void clear(long[] words, int i) {
    words[i >> 6] &= ~(1L << i);
  }

  /** A new bitmap with bits 0 until n set. */
  public static long[] ones(int n) {
    long[] words = new long[words(n)];
    java.util.Arrays.fill(words, -1L);
    if ((n & 63) != 0) {
      words[words.length - 1] = (1L << n) - 1;
    }
    return words;
  }

  /** Set bits among 0 until n. */
  public static int count(long[] words, int n) {
    int full = n >> 6;
    int sum = 0;
    for (int i = 0; i < full; i++) {
      sum += Long.bitCount(words[i]);
    }
    if ((n & 63) != 0) {
      sum += Long.bitCount(words[full] & ((1L << n) - 1));
    }
    return sum;
  }

  /**
   * The union of two null bitmaps over n bits, either of which may be absent; may give back one of
   * them.
   */
  public static long @Nullable [] or(long @Nullable [] a, long @Nullable [] b, int n) {
    if (a == null) {
      return b;
    }
    if (b == null) {
      return a;
    }
    int w = words(n);
    long[] out = new long[w];
    for (int i = 0; i < w; i++) {
      out[i] = a[i] | b[i];
    }
    return out;
  }
}
