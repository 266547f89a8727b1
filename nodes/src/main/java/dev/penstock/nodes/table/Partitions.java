package dev.penstock.nodes.table;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;

/**
 * The groups of a table in order of their hash partition: equal keys are in the same partition in
 * every table. Made by one thread, then read by many.
 *
 * <pre>
 * labels  partition of each group        2 0 2 1 0
 * order   groups, partition by partition 1 4 | 3 | 0 2
 * starts                                 0     2   3     5
 * </pre>
 */
public final class Partitions {
  /** How many partitions there are; bits of the hash that slots and salts use least. */
  public static final int COUNT = 64;

  private static final int STRIDE = 2048;

  private final Ints labels;
  private final Ints order;
  private final int[] starts = new int[COUNT + 1];
  private final CancellationToken token;

  private Partitions(Ints labels, int items, Reservation reservation, CancellationToken token) {
    this.labels = labels;
    this.token = token;
    this.order = new Ints(reservation);
    order.ensure(items);
    sort(items);
  }

  /** Divisions of a partition that use bits of the hash of their own; 0 is the first. */
  public static final int LEVELS = 5;

  /** The partition of a hash. */
  public static int of(long hash, int level) {
    return (int) (hash >>> 32 + 6 * level) & COUNT - 1;
  }

  /** Partitions the groups of a table. */
  public static Partitions of(KeyTable table, Reservation reservation, CancellationToken token) {
    int n = table.groups();
    Ints labels = new Ints(reservation);
    labels.ensure(n);
    int[] groups = new int[STRIDE];
    long[] hashes = new long[STRIDE];
    for (int from = 0; from < n; from += STRIDE) {
      token.check();
      int count = Math.min(STRIDE, n - from);
      for (int i = 0; i < count; i++) {
        groups[i] = from + i;
      }
      table.hashes(groups, count, hashes);
      for (int i = 0; i < count; i++) {
        labels.set(from + i, of(hashes[i], 0));
      }
    }
    return new Partitions(labels, n, reservation, token);
  }

  /** Partitions things that have these labels. */
  public static Partitions ofLabels(
      Ints labels, int items, Reservation reservation, CancellationToken token) {
    return new Partitions(labels, items, reservation, token);
  }

  private void sort(int items) {
    int[] next = new int[COUNT + 1];
    int[][] in = labels.chunks();
    for (int i = 0; i < items; i++) {
      next[in[i >>> Ints.SHIFT][i & Ints.MASK] + 1]++;
    }
    for (int p = 0; p < COUNT; p++) {
      next[p + 1] += next[p];
    }
    System.arraycopy(next, 0, starts, 0, COUNT + 1);
    for (int i = 0; i < items; i++) {
      if ((i & 0xFFFF) == 0) {
        token.check();
      }
      order.set(next[in[i >>> Ints.SHIFT][i & Ints.MASK]]++, i);
    }
  }

  public int size(int partition) {
    return starts[partition + 1] - starts[partition];
  }

  /** Reads groups {@code from} until {@code from + count} of a partition. */
  public void read(int partition, int from, int count, int[] out) {
    int start = starts[partition] + from;
    int[][] chunks = order.chunks();
    for (int i = 0; i < count; i++) {
      out[i] = chunks[(start + i) >>> Ints.SHIFT][(start + i) & Ints.MASK];
    }
  }

  /** The partition of each group. */
  public Ints labels() {
    return labels;
  }
}
