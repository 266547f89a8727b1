package dev.penstock.nodes.join;

import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * From key words to chains of row ids. A chain holds the rows of one word, the last inserted first.
 *
 * <pre>
 * word -> head + 1 -> next + 1 -> ... -> 0
 * </pre>
 *
 * <p>Concurrency: any number of threads insert, each row by one of them; heads change by atomic
 * exchange, so a row is linked to what was there before it. A row's {@code next} is written by its
 * inserter only. Finding begins when all inserting has ended, and what ended it (the scheduler's
 * hand-over) is the happens-before edge. {@link #dropChains} is called in between, by one thread.
 */
abstract class KeyTable {
  static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

  private int[][] next;
  private long nextBytes;

  KeyTable(int idLimit, Reservation memory) {
    nextBytes = chainBytes(idLimit);
    memory.grow(nextBytes);
    next = new int[chainSegments(idLimit)][RowStore.SEGMENT_ROWS];
  }

  private static int chainSegments(int idLimit) {
    return (idLimit + RowStore.SEGMENT_ROWS - 1) >>> RowStore.SEGMENT_BITS;
  }

  /** Bytes of the links of rows with ids below this. */
  static long chainBytes(int idLimit) {
    return chainSegments(idLimit) * (16L + 4L * RowStore.SEGMENT_ROWS);
  }

  /**
   * Inserts rows.
   *
   * @return how many of them found their word taken
   */
  abstract int insert(long[] words, int[] ids, int count);

  /** Writes the head of the chain of each word, or -1. */
  abstract void find(long[] words, int count, int[] heads);

  final void link(int id, int before) {
    next[id >>> RowStore.SEGMENT_BITS][id & RowStore.SEGMENT_ROWS - 1] = before;
  }

  /** No chain is longer than one row: forget the links. */
  final void dropChains(Reservation memory) {
    next = new int[0][];
    memory.shrink(nextBytes);
    nextBytes = 0;
  }

  /** Whether every chain has one row. */
  final boolean hasNoChains() {
    return next.length == 0;
  }

  /** The links by row id, see the picture; empty if {@link #hasNoChains}. */
  final int[][] links() {
    return next;
  }
}
