package dev.penstock.nodes.window;

import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.kernel.Equality;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.sort.RunMerge;
import dev.penstock.nodes.sort.SortedRun;
import dev.penstock.nodes.table.Ints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted rows in memory, and a bit for each row that begins a window partition, or a group of
 * peers.
 *
 * <pre>
 * key        a a a b b b b
 * order      1 1 2 5 6 6 6
 * partitions 1 0 0 1 0 0 0
 * peers      1 0 1 1 1 0 0
 * </pre>
 */
final class HeldRows extends SortedRows {
  private final RowStore store;
  private final Ints order;
  private final long[] partitions;
  private final long[] peers;

  private HeldRows(RowStore store, Ints order, Reservation memory, CancellationToken token) {
    super(Math.toIntExact(store.rows()), memory, token);
    this.store = store;
    this.order = order;
    memory.grow(bitBytes());
    this.partitions = Bits.ones(count);
    this.peers = Bits.ones(count);
  }

  private long bitBytes() {
    return 2 * (16 + 8L * Bits.words(count));
  }

  /**
   * Sorts the rows of some stores, each a run, and merges them; the stores are closed with the
   * result.
   */
  static HeldRows of(
      List<RowStore> stores, WindowLayout layout, Reservation memory, CancellationToken token) {
    List<SortedRun> runs = new ArrayList<>();
    for (RowStore store : stores) {
      runs.add(SortedRun.of(store, layout.sort, memory, token));
    }
    SortedRun.join(runs);
    RunMerge merge = new RunMerge(runs);
    RowStore all = runs.get(0).store();
    Ints order = new Ints(memory);
    order.ensure(Math.toIntExact(all.rows()));
    int[] ids = new int[READ_ROWS];
    int at = 0;
    for (int n = merge.take(ids, READ_ROWS); n > 0; n = merge.take(ids, READ_ROWS)) {
      token.check();
      // A chunk holds a multiple of what is read at once.
      System.arraycopy(ids, 0, order.chunks()[at >>> Ints.SHIFT], at & Ints.MASK, n);
      at += n;
    }
    runs.forEach(SortedRun::release);
    HeldRows rows = new HeldRows(all, order, memory, token);
    rows.mark(layout);
    return rows;
  }

  /** Rows of one store that are in order already; the store is closed with the result. */
  static HeldRows ofSorted(
      RowStore store, WindowLayout layout, Reservation memory, CancellationToken token) {
    int n = Math.toIntExact(store.rows());
    Ints order = new Ints(memory);
    order.ensure(n);
    for (int i = 0; i < n; i++) {
      order.chunks()[i >>> Ints.SHIFT][i & Ints.MASK] = i;
    }
    HeldRows rows = new HeldRows(store, order, memory, token);
    rows.mark(layout);
    return rows;
  }

  /** Ids of consecutive rows. */
  private int[] ids(int from, int n) {
    int[] out = new int[n];
    for (int done = 0; done < n; ) {
      int at = from + done & Ints.MASK;
      int part = Math.min(n - done, Ints.SIZE - at);
      System.arraycopy(order.chunks()[(from + done) >>> Ints.SHIFT], at, out, done, part);
      done += part;
    }
    return out;
  }

  /** Compares each row with the one before it, a column at a time. */
  private void mark(WindowLayout layout) {
    int[] before = new int[READ_ROWS + 1];
    int[] at = new int[READ_ROWS + 1];
    for (int i = 1; i < at.length; i++) {
      before[i] = i - 1;
      at[i] = i;
    }
    int[] candidates = new int[READ_ROWS];
    for (int base = 0; base + 1 < count; base += READ_ROWS) {
      token.check();
      int n = Math.min(READ_ROWS + 1, count - base);
      int[] ids = ids(base, n);
      for (int i = 1; i < n; i++) {
        candidates[i - 1] = i;
      }
      int equal = narrow(layout.partition, ids, before, at, candidates, n - 1);
      for (int i = 0; i < equal; i++) {
        Bits.clear(partitions, base + candidates[i]);
      }
      equal = narrow(layout.order, ids, before, at, candidates, equal);
      for (int i = 0; i < equal; i++) {
        Bits.clear(peers, base + candidates[i]);
      }
    }
  }

  private int narrow(
      int[] columns, int[] ids, int[] before, int[] at, int[] candidates, int count) {
    int n = count;
    for (int c : columns) {
      if (n == 0) {
        return 0;
      }
      Column column = store.gather(c, ids, ids.length);
      n = Equality.narrow(column, before, column, at, candidates, n, true, candidates);
    }
    return n;
  }

  @Override
  int nextPartition(int from) {
    return next(partitions, from);
  }

  @Override
  int nextPeers(int from) {
    return next(peers, from);
  }

  private int next(long[] bits, int from) {
    if (from >= count) {
      return count;
    }
    int w = from >> 6;
    long word = bits[w] & -1L << from;
    while (word == 0) {
      if (++w == bits.length) {
        return count;
      }
      word = bits[w];
    }
    return (w << 6) + Long.numberOfTrailingZeros(word);
  }

  @Override
  int peersStart(int row) {
    int w = row >> 6;
    long word = peers[w] & -1L >>> (63 - (row & 63));
    while (word == 0) {
      word = peers[--w];
    }
    return (w << 6) + 63 - Long.numberOfLeadingZeros(word);
  }

  @Override
  int readStart(int row) {
    return row & -READ_ROWS;
  }

  @Override
  int readEnd(int row) {
    return Math.min(count, (row & -READ_ROWS) + READ_ROWS);
  }

  @Override
  int stretchEnd(int row) {
    return count;
  }

  @Override
  @Nullable DiskRows onDisk() {
    return null;
  }

  @Override
  void read(int width, int from, int n, Column[] out) {
    int[] ids = ids(from, n);
    for (int c = 0; c < width; c++) {
      out[c] = store.gather(c, ids, n);
    }
  }

  @Override
  Column read(Argument argument, int from, int n) {
    if (argument.constant() != null) {
      return argument.constant().withLength(n);
    }
    return store.gather(argument.ordinal(), ids(from, n), n);
  }

  @Override
  Column at(Argument argument, int[] rows, int n) {
    if (argument.constant() != null) {
      return argument.constant().gather(rows, n);
    }
    int[] ids = new int[n];
    for (int i = 0; i < n; i++) {
      ids[i] = rows[i] < 0 ? -1 : order.get(rows[i]);
    }
    return store.gather(argument.ordinal(), ids, n);
  }

  /** Frees the rows. */
  @Override
  public void close() {
    memory.shrink(bitBytes());
    order.clear();
    store.close();
  }
}
