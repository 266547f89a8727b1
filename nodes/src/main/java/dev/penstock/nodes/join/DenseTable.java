package dev.penstock.nodes.join;

import dev.penstock.monitor.Reservation;

/** A head for every word from the least to the greatest: for keys that lie close together. */
final class DenseTable extends KeyTable {
  private static final int BITS = 16;
  private static final int MASK = (1 << BITS) - 1;

  private final long least;
  private final long size;
  private final int[][] heads;

  /**
   * @param size how many words there are from the least one on
   */
  DenseTable(long least, long size, int idLimit, Reservation memory) {
    super(idLimit, memory, null);
    this.least = least;
    this.size = size;
    int segments = (int) ((size + MASK) >>> BITS);
    memory.grow(bytes(size));
    heads = new int[segments][];
    for (int s = 0; s < segments; s++) {
      heads[s] = new int[(int) Math.min(size - ((long) s << BITS), 1 << BITS)];
    }
  }

  /** Bytes of the heads of so many words. */
  static long bytes(long size) {
    return 4 * size + 16L * (int) ((size + MASK) >>> BITS);
  }

  static boolean fits(long size, long rows) {
    return size > 0 && (size <= 4096 || size <= 8 * rows);
  }

  @Override
  int insert(long[] words, int[] ids, int count) {
    // Touch first: plain loads overlap their cache misses, atomic exchanges do not.
    int touched = 0;
    for (int i = 0; i < count; i++) {
      long d = words[i] - least;
      touched |= heads[(int) (d >>> BITS)][(int) d & MASK];
    }
    int taken = 0;
    for (int i = 0; i < count; i++) {
      long d = words[i] - least;
      int before = (int) INTS.getAndSet(heads[(int) (d >>> BITS)], (int) d & MASK, ids[i] + 1);
      link(ids[i], before);
      taken += before == 0 ? 0 : 1;
    }
    // Nobody needs what was touched, but the loop must not be thought useless.
    return touched == Integer.MIN_VALUE && taken < 0 ? touched : taken;
  }

  @Override
  void find(long[] words, int count, int[] out) {
    int[][] h = heads;
    long min = least;
    long n = size;
    for (int i = 0; i < count; i++) {
      long d = words[i] - min;
      out[i] = d >= 0 && d < n ? h[(int) (d >>> BITS)][(int) d & MASK] - 1 : -1;
    }
  }
}
