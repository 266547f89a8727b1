package dev.penstock.nodes.group;

import dev.penstock.batch.kernel.Hashes;
import dev.penstock.monitor.Budget;
import dev.penstock.nodes.spill.Workspace;

/**
 * Which rows may lie on disk: three bits for each, by its hash (a Bloom filter). What it does not
 * know is not there; of what it knows, some is not there either, and the more the fuller it is.
 *
 * <p>Its least memory is kept from the start, and allocated with the first rows on disk. Not
 * thread-safe.
 */
final class SeenFilter implements AutoCloseable {
  /** For 100,000 rows: of those that are not there it knows one in a hundred. */
  static final long LEAST_BYTES = 128L << 10;

  private static final long MOST_BYTES = 2L << 20;
  private static final long SALT = 0x6A09_E667_F3BC_C909L;

  private final Budget budget;
  private final long keptBytes;

  /** One word, all bits set, where there is no memory: then it knows everything. */
  private long[] words = {-1};

  SeenFilter(Workspace workspace) {
    this.budget = workspace.query().budget().child("which rows lie on disk");
    this.keptBytes = workspace.canSpill() ? kept(budget) : 0;
  }

  private static long kept(Budget budget) {
    for (long bytes = LEAST_BYTES; bytes >= 1 << 10; bytes /= 2) {
      if (budget.guarantee(bytes)) {
        return bytes;
      }
    }
    return 0;
  }

  /**
   * Begins to know rows.
   *
   * @param heldBytes that the first of them had in memory
   */
  void open(long heldBytes) {
    long bytes = Math.min(MOST_BYTES, Long.highestOneBit(Math.max(1, heldBytes / 8)));
    while (bytes > keptBytes && !budget.guarantee(bytes)) {
      bytes /= 2;
    }
    bytes = Math.max(bytes, keptBytes);
    if (bytes > 0 && budget.tryReserve(bytes)) {
      words = new long[(int) (bytes >> 3)];
    }
  }

  void add(long[] hashes, int count) {
    long[] w = words;
    long mask = ((long) w.length << 6) - 1;
    for (int i = 0; i < count; i++) {
      long h = Hashes.of(hashes[i] + SALT);
      set(w, h & mask);
      set(w, h >>> 20 & mask);
      set(w, h >>> 40 & mask);
    }
  }

  boolean mayContain(long hash) {
    long[] w = words;
    long mask = ((long) w.length << 6) - 1;
    long h = Hashes.of(hash + SALT);
    return has(w, h & mask) && has(w, h >>> 20 & mask) && has(w, h >>> 40 & mask);
  }

  private static void set(long[] w, long bit) {
    w[(int) (bit >>> 6)] |= 1L << bit;
  }

  private static boolean has(long[] w, long bit) {
    return (w[(int) (bit >>> 6)] & 1L << bit) != 0;
  }

  @Override
  public void close() {
    words = new long[] {-1};
    budget.close();
  }
}
