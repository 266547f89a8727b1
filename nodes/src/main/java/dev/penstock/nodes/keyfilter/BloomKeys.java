package dev.penstock.nodes.keyfilter;

import dev.penstock.batch.kernel.Hashes;

/**
 * A bloom filter whose block is one long: a word sets four bits of it, and a test is one load.
 *
 * <pre>
 * hash of the word    high bits: which long     bits 0-5, 6-11, 12-17, 18-23: which bits of it
 * 10 to 20 bits a word: about 0.5 to 3 % of other words pass
 * </pre>
 *
 * <p>Blocked bloom filters: Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom
 * Filters", 2007.
 */
final class BloomKeys extends KeySet {
  private static final int BITS_PER_WORD = 10;

  /** Above this size the filter gets denser: 8 MB. */
  private static final long MAX_LONGS = 1L << 20;

  /** Below so few bits a word nearly everything would pass. */
  private static final int LEAST_BITS_PER_WORD = 4;

  /** A range so small is asked word by word. */
  private static final long SMALL_RANGE = 64;

  private final long[][] bits;
  private final int shift;

  BloomKeys(long words) {
    long longs = longs(words);
    this.bits = bitmap(longs);
    this.shift = Long.numberOfLeadingZeros(longs) + 1;
  }

  /** Longs that a filter for so many words has: a power of two, at least 2. */
  static long longs(long words) {
    long wanted = Math.min(MAX_LONGS, words * BITS_PER_WORD + 63 >>> 6);
    return Math.max(2, Long.highestOneBit(2 * wanted - 1));
  }

  /** Whether a filter for so many words lets few others through. */
  static boolean fits(long words) {
    return words <= MAX_LONGS * 64 / LEAST_BITS_PER_WORD;
  }

  private static long mask(long hash) {
    return 1L << hash | 1L << (hash >>> 6) | 1L << (hash >>> 12) | 1L << (hash >>> 18);
  }

  @Override
  void add(long[] words, int count) {
    for (int i = 0; i < count; i++) {
      long h = Hashes.of(words[i]);
      long at = h >>> shift;
      setBits(bits[(int) (at >>> SEGMENT_BITS)], (int) at & SEGMENT_MASK, mask(h));
    }
  }

  @Override
  int select(long[] words, int[] at, int count, int[] out) {
    long[][] all = bits;
    int sh = shift;
    int n = 0;
    for (int i = 0; i < count; i++) {
      long h = Hashes.of(words[i]);
      long w = h >>> sh;
      long mask = mask(h);
      long missing = mask & ~all[(int) (w >>> SEGMENT_BITS)][(int) w & SEGMENT_MASK];
      out[n] = at[i];
      n += (int) ((missing | -missing) >>> 63) ^ 1;
    }
    return n;
  }

  @Override
  boolean mayContainBetween(long least, long greatest) {
    if (greatest - least < 0 || greatest - least >= SMALL_RANGE) {
      return true;
    }
    int n = (int) (greatest - least) + 1;
    long[] words = new long[n];
    for (int i = 0; i < n; i++) {
      words[i] = least + i;
    }
    return select(words, new int[n], n, new int[n]) > 0;
  }

  @Override
  String text() {
    return "a bloom filter of " + (64L << 64 - shift) + " bits";
  }
}
