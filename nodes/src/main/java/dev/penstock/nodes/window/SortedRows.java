package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import org.jspecify.annotations.Nullable;

/**
 * Rows of whole window partitions, sorted by partition keys and order, and where partitions and
 * groups of peers (rows of one partition that are equal in the order) begin.
 *
 * <pre>
 * key        a a a b b b b
 * order      1 1 2 5 6 6 6
 * partitions 1 0 0 1 0 0 0
 * peers      1 0 1 1 1 0 0
 * </pre>
 *
 * <p>{@link HeldRows} are in memory, {@link DiskRows} on disk.
 */
abstract class SortedRows implements AutoCloseable {
  /** Rows that are read at a time at most; a power of two. */
  static final int READ_ROWS = 2048;

  final int count;

  /** Where evaluators reserve their states. */
  final Reservation memory;

  final CancellationToken token;

  SortedRows(int count, Reservation memory, CancellationToken token) {
    this.count = count;
    this.memory = memory;
    this.token = token;
  }

  /** The first row from here on that begins a partition; the count if there is none. */
  abstract int nextPartition(int from);

  /** The first row from here on that begins a group of peers; the count if there is none. */
  abstract int nextPeers(int from);

  /** The first row of the peers of a row. */
  abstract int peersStart(int row);

  /** The first of the rows that are best read together with this one. */
  abstract int readStart(int row);

  /** The row after the last of them. */
  abstract int readEnd(int row);

  /** The row after the last that may be in one output batch with this one. */
  abstract int stretchEnd(int row);

  /** These rows if they are on disk: states of evaluators have to be small then. */
  abstract @Nullable DiskRows onDisk();

  /** Rows of which states may be kept for each; of other rows there is one for so many. */
  final int pieceRows() {
    return onDisk() == null ? Integer.MAX_VALUE : READ_ROWS;
  }

  /** The first columns of consecutive rows of one stretch. */
  abstract void read(int width, int from, int n, Column[] out);

  /** Values of consecutive rows of one stretch. */
  abstract Column read(Argument argument, int from, int n);

  /** Values of any rows; a negative one gives null. */
  abstract Column at(Argument argument, int[] rows, int n);

  /** Frees the rows. */
  @Override
  public abstract void close();
}
