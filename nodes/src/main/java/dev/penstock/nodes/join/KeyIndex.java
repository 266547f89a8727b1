package dev.penstock.nodes.join;

import dev.penstock.batch.Column;
import dev.penstock.batch.Positions;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.rows.SpareArrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a build side and the table that finds them by key: chosen and allocated when it is made,
 * filled by {@link #insert}, complete after {@link #seal}.
 *
 * <p>Concurrency: any number of threads insert, each segment by one of them, see {@link KeyTable}.
 */
final class KeyIndex {
  private static final int CHUNK = 1024;

  final RowStore store;
  final KeyWords words;
  final KeyTable table;
  private final JoinShape shape;
  private final Reservation memory;
  private final @Nullable SpareArrays spare;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param ranges least and greatest value of each key of the store, if keys are integers
   * @param spare arrays of the same reservation, to be used again
   */
  KeyIndex(
      JoinShape shape,
      RowStore store,
      @Nullable KeyRanges ranges,
      Reservation memory,
      @Nullable SpareArrays spare,
      CancellationToken token) {
    this.shape = shape;
    this.store = store;
    this.memory = memory;
    this.spare = spare;
    this.words = KeyWords.choose(shape.spec.nullSafe(), ranges);
    this.table = newTable(ranges, spare, token);
  }

  /** How many words there can be, or -1 when only their hash is of use. */
  private static long size(KeyWords w, @Nullable KeyRanges r) {
    if (r == null || w.areHashes() || (w.areKeys() && r.isEmpty(0))) {
      return -1;
    }
    return w.areKeys() ? r.greatest(0) - r.least(0) + 1 : 1L << Math.min(62, w.bits());
  }

  private KeyTable newTable(
      @Nullable KeyRanges r, @Nullable SpareArrays spare, CancellationToken token) {
    long rows = store.rows();
    int idLimit = store.idLimit();
    long size = size(words, r);
    if (size > 0 && r != null && rows > 0) {
      long least = words.areKeys() ? r.least(0) : 0;
      if (DenseTable.fits(size, rows)) {
        return new DenseTable(least, size, idLimit, memory);
      }
      if (RankedTable.fits(size, rows)) {
        return ranked(new RankedTable(least, size, idLimit, memory), token);
      }
    }
    return new HashedTable(rows, idLimit, memory, spare);
  }

  /** Bytes that an index of so many rows reserves at most. */
  static long bytes(JoinShape shape, long rows, int idLimit, @Nullable KeyRanges r) {
    long chains = KeyTable.chainBytes(idLimit);
    long size = size(KeyWords.choose(shape.spec.nullSafe(), r), r);
    if (size > 0 && rows > 0) {
      if (DenseTable.fits(size, rows)) {
        return chains + DenseTable.bytes(size);
      }
      if (RankedTable.fits(size, rows)) {
        return chains + RankedTable.bytes(size, rows);
      }
    }
    return chains + HashedTable.bytes(rows);
  }

  private RankedTable ranked(RankedTable into, CancellationToken token) {
    int[] at = new int[RowStore.SEGMENT_ROWS];
    long[] keyWords = new long[RowStore.SEGMENT_ROWS];
    for (int s = 0; s < store.segments(); s++) {
      token.check();
      int rows = store.segmentRows(s);
      into.mark(keyWords, words.of(keys(s), Positions.identity(rows), rows, at, keyWords));
    }
    into.seal(memory);
    return into;
  }

  /** The key columns of a segment. */
  Column[] keys(int segment) {
    return shape.keys(store, segment);
  }

  /** Scratch arrays of one thread. */
  static final class Scratch {
    private final int[] at = new int[RowStore.SEGMENT_ROWS];
    private final long[] keyWords = new long[RowStore.SEGMENT_ROWS];
    private final int[] ids = new int[CHUNK];
    private final long[] chunk = new long[CHUNK];
  }

  /** Inserts the rows of a segment, whose key columns these are. */
  void insert(int segment, Column[] keys, Scratch s) {
    int rows = store.segmentRows(segment);
    int n = words.of(keys, Positions.identity(rows), rows, s.at, s.keyWords);
    int first = segment << RowStore.SEGMENT_BITS;
    long found = 0;
    for (int from = 0; from < n; from += CHUNK) {
      int m = Math.min(CHUNK, n - from);
      for (int i = 0; i < m; i++) {
        s.ids[i] = first + s.at[from + i];
      }
      System.arraycopy(s.keyWords, from, s.chunk, 0, m);
      found += table.insert(s.chunk, s.ids, m);
    }
    if (found != 0) {
      taken.addAndGet(found);
    }
  }

  /** Nobody reads it any more. */
  void giveTo(SpareArrays spare) {
    table.giveTo(spare);
  }

  /** All rows are in. */
  void seal() {
    if (taken.get() == 0) {
      table.dropChains(memory, spare);
    }
  }
}
