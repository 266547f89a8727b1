package dev.penstock.nodes.keyfilter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A set of 64-bit words (integer keys, or hashes of keys), perhaps with some words that were never
 * put in.
 *
 * <p>Concurrency: any number of threads add; the hand-over to the one that seals, and from it to
 * the readers, is the scheduler's. After that nothing changes.
 */
abstract sealed class KeySet permits DenseKeys, FewKeys, BloomKeys {
  /** Longs in a segment of 256 KB. */
  static final int SEGMENT_BITS = 15;

  static final int SEGMENT_MASK = (1 << SEGMENT_BITS) - 1;
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  /** Adds words. */
  abstract void add(long[] words, int count);

  /** Nothing more is added. */
  void seal() {}

  /**
   * Writes {@code at[i]} for each {@code words[i]} that may be in the set.
   *
   * @return how many
   */
  abstract int select(long[] words, int[] at, int count, int[] out);

  /** False when no word of the set lies between two numbers, both included. */
  abstract boolean mayContainBetween(long least, long greatest);

  /** For people: what it is, how large. */
  abstract String text();

  static long[][] bitmap(long longs) {
    int segments = (int) (longs + SEGMENT_MASK >>> SEGMENT_BITS);
    long[][] out = new long[segments][];
    for (int s = 0; s < segments; s++) {
      out[s] = new long[(int) Math.min(SEGMENT_MASK + 1L, longs - ((long) s << SEGMENT_BITS))];
    }
    return out;
  }

  static long bitmapBytes(long longs) {
    return 8 * longs + 24 * (longs >>> SEGMENT_BITS) + 64;
  }

  /** Sets bits of a long; the plain look spares most of the atomic writes when keys repeat. */
  static void setBits(long[] segment, int at, long bits) {
    if ((segment[at] & bits) != bits) {
      LONGS.getAndBitwiseOr(segment, at, bits);
    }
  }
}
