package dev.penstock.nodes.join;

import dev.penstock.monitor.Reservation;

/**
 * One bit for every word from the least to the greatest, and heads for those only that occur: for
 * keys that lie within a range of up to {@value #SPREAD} times their number. A word that does not
 * occur costs one look at a small bitmap.
 *
 * <pre>
 * d = word - least            [bits of 64 words] [bits set before them]   in pairs, segments of 2^14 pairs (256 KB)
 * heads[bits before d]        heads of the words that occur, in ascending order
 * </pre>
 *
 * <p>Made in three steps: {@link #mark} all words (one thread), {@link #seal}, then insert as any
 * table.
 */
final class RankedTable extends KeyTable {
  private static final int SPREAD = 64;
  private static final int PAIR_BITS = 14;
  private static final int PAIR_MASK = (1 << PAIR_BITS) - 1;
  private static final int HEAD_BITS = 16;
  private static final int HEAD_MASK = (1 << HEAD_BITS) - 1;

  private final long least;
  private final long size;
  private final long[][] pairs;
  private int[][] heads = {};

  RankedTable(long least, long size, int idLimit, Reservation memory) {
    super(idLimit, memory, null);
    this.least = least;
    this.size = size;
    long words = size + 63 >>> 6;
    int segments = (int) (words + PAIR_MASK >>> PAIR_BITS);
    memory.grow(bitBytes(size));
    pairs = new long[segments][];
    for (int s = 0; s < segments; s++) {
      pairs[s] = new long[2 * (int) Math.min(words - ((long) s << PAIR_BITS), 1 << PAIR_BITS)];
    }
  }

  private static long bitBytes(long size) {
    long words = size + 63 >>> 6;
    return 16 * words + 16L * (int) (words + PAIR_MASK >>> PAIR_BITS);
  }

  /** Bytes for so many words of which at most so many occur. */
  static long bytes(long size, long rows) {
    return bitBytes(size) + 4 * rows + 16L * (int) (rows + HEAD_MASK >>> HEAD_BITS);
  }

  static boolean fits(long size, long rows) {
    return size > 0 && size <= SPREAD * rows;
  }

  /** These words occur. */
  void mark(long[] words, int count) {
    for (int i = 0; i < count; i++) {
      long d = words[i] - least;
      pairs[(int) (d >>> 6 + PAIR_BITS)][((int) (d >>> 6) & PAIR_MASK) << 1] |= 1L << d;
    }
  }

  /** All words have been marked. */
  void seal(Reservation memory) {
    long total = 0;
    for (long[] segment : pairs) {
      for (int i = 0; i < segment.length; i += 2) {
        segment[i + 1] = total;
        total += Long.bitCount(segment[i]);
      }
    }
    int segments = (int) (total + HEAD_MASK >>> HEAD_BITS);
    memory.grow(4 * total + 16L * segments);
    heads = new int[segments][];
    for (int s = 0; s < segments; s++) {
      heads[s] = new int[(int) Math.min(total - ((long) s << HEAD_BITS), 1 << HEAD_BITS)];
    }
  }

  private int rank(long d) {
    long[] segment = pairs[(int) (d >>> 6 + PAIR_BITS)];
    int at = ((int) (d >>> 6) & PAIR_MASK) << 1;
    return (int) segment[at + 1] + Long.bitCount(segment[at] & (1L << d) - 1);
  }

  @Override
  int insert(long[] words, int[] ids, int count) {
    int taken = 0;
    for (int i = 0; i < count; i++) {
      int r = rank(words[i] - least);
      int before = (int) INTS.getAndSet(heads[r >>> HEAD_BITS], r & HEAD_MASK, ids[i] + 1);
      link(ids[i], before);
      taken += before == 0 ? 0 : 1;
    }
    return taken;
  }

  @Override
  void find(long[] words, int count, int[] out) {
    long[][] p = pairs;
    long min = least;
    long n = size;
    int[] found = new int[count];
    int[] ranks = new int[count];
    int hits = 0;
    for (int i = 0; i < count; i++) {
      long d = words[i] - min;
      out[i] = -1;
      if (d >= 0 && d < n) {
        long[] segment = p[(int) (d >>> 6 + PAIR_BITS)];
        int at = ((int) (d >>> 6) & PAIR_MASK) << 1;
        long bits = segment[at];
        ranks[hits] = (int) segment[at + 1] + Long.bitCount(bits & (1L << d) - 1);
        found[hits] = i;
        hits += (int) (bits >>> d & 1);
      }
    }
    for (int h = 0; h < hits; h++) {
      int r = ranks[h];
      out[found[h]] = heads[r >>> HEAD_BITS][r & HEAD_MASK] - 1;
    }
  }
}
