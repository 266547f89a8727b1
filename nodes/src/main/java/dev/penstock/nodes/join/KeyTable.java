package dev.penstock.nodes.join;

import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.rows.SpareArrays;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

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

  /**
   * @param spare arrays of the same reservation that are taken first
   */
  KeyTable(int idLimit, Reservation memory, @Nullable SpareArrays spare) {
    nextBytes = chainBytes(idLimit);
    int again = spare == null ? 0 : Math.min(spare.ints(), chainSegments(idLimit));
    memory.grow(nextBytes - again * (16L + 4L * RowStore.SEGMENT_ROWS));
    next = new int[chainSegments(idLimit)][];
    for (int i = 0; i < next.length; i++) {
      next[i] = spare != null && i < again ? spare.takeInts() : new int[RowStore.SEGMENT_ROWS];
    }
  }

  /** Nobody reads it any more: its arrays for the next one. */
  void giveTo(SpareArrays spare) {
    for (int[] links : next) {
      spare.giveInts(links);
    }
    next = new int[0][];
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
  final void dropChains(Reservation memory, @Nullable SpareArrays spare) {
    if (spare == null) {
      memory.shrink(nextBytes);
    } else {
      for (int[] links : next) {
        spare.giveInts(links);
      }
    }
    next = new int[0][];
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
