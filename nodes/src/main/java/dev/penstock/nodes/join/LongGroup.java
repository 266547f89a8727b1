package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.SpilledBatches;
import dev.penstock.nodes.spill.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * The right rows of one key of a merge join that are too many for memory: they are kept on disk,
 * and read once, block by block, for the left rows of each batch that have the key.
 *
 * <pre>
 * left rows [from, to)  x  block 0, block 1, ...     pairs, at most as many at once as fit in {@link Pairs}
 * </pre>
 *
 * <p>One thread.
 */
final class LongGroup implements AutoCloseable {
  private final JoinShape shape;
  private final DataType[] types;
  private final Workspace workspace;
  private final Reservation memory;
  private final SpilledBatches kept;
  private boolean open;

  // The left rows, and where their pass over the blocks is.
  private boolean passing;
  private int from;
  private int to;
  private int nextPiece;
  private @Nullable Batch rest;
  private RowStore block;
  private PairColumns columns;
  private PairFilter filter;
  private int row;
  private int id;

  /** Takes the least memory that it needs beside the workspace's, or throws LIMIT. */
  LongGroup(QueryContext query, JoinShape shape, DataType[] types, Workspace workspace) {
    this.shape = shape;
    this.types = types;
    this.workspace = workspace;
    this.kept = new SpilledBatches(query, types, "merge join (rows of one key)");
    this.memory = workspace.query().budget().open("a block of a merge join");
    this.block = new RowStore(types, memory);
    this.columns = new PairColumns(shape, block);
    this.filter = new PairFilter(shape, block, columns);
  }

  /** Whether the rows of the key at hand are here. */
  boolean isOpen() {
    return open;
  }

  /** Takes right rows of the key: their stored columns. */
  void add(Batch rows) {
    open = true;
    kept.add(rows);
  }

  /** All rows of the key are here. */
  void complete() {
    kept.complete();
  }

  /** Whether a pass has begun and not ended. */
  boolean isPassing() {
    return passing;
  }

  /** Begins a pass for the left rows with these numbers. */
  void begin(int fromRow, int toRow) {
    passing = true;
    from = fromRow;
    to = toRow;
    nextPiece = 0;
    row = toRow;
  }

  /** Where the left rows of the pass end. */
  int end() {
    return to;
  }

  /**
   * The next pairs, perhaps none; their ids are in the block at hand. False: the pass has ended.
   */
  boolean fill(Batch left, Pairs pairs, byte[] verdicts) {
    if (row == to && !nextBlock(left, verdicts)) {
      passing = false;
      return false;
    }
    int rows = (int) block.rows();
    int n = pairs.count;
    while (row < to && n < pairs.capacity()) {
      int at = left.position(row);
      if (!shape.pairs && verdicts[at] == Verdict.TRUE) {
        id = rows;
      }
      int most = Math.min(rows, id + pairs.capacity() - n);
      while (id < most) {
        pairs.at[n] = at;
        pairs.ids[n++] = id++;
      }
      if (id == rows) {
        id = 0;
        row++;
      }
    }
    pairs.count = n;
    return true;
  }

  /** Keeps the pairs for which the residual is true, and gives them as rows. */
  PairFilter filter() {
    return filter;
  }

  PairColumns columns() {
    return columns;
  }

  /** Reads rows into the block; false if there are none, or nobody wants to know. */
  private boolean nextBlock(Batch left, byte[] verdicts) {
    block.close();
    Batch rows = rest;
    if (rows == null) {
      memory.resize(0);
      if (nextPiece == kept.pieces() || isSettled(left, verdicts)) {
        return false;
      }
      long bytes = kept.readBytes(nextPiece);
      workspace.require(bytes, "a block of rows of one key");
      memory.grow(bytes);
      rows = kept.read(nextPiece++);
    }
    block = new RowStore(types, memory);
    columns = new PairColumns(shape, block);
    filter = new PairFilter(shape, block, columns);
    Batch piece = fitting(rows, block, workspace);
    block.append(piece);
    rest = piece.count() == rows.count() ? null : rows.slice(piece.count(), rows.count());
    row = from;
    id = 0;
    return true;
  }

  private boolean isSettled(Batch left, byte[] verdicts) {
    if (shape.pairs) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (verdicts[left.position(i)] != Verdict.TRUE) {
        return false;
      }
    }
    return true;
  }

  /** As many first rows as the workspace has memory for in the store; at least one, or LIMIT. */
  static Batch fitting(Batch rows, RowStore into, Workspace workspace) {
    Batch piece = rows;
    while (!fits(into.growth(piece), workspace)) {
      int n = piece.count();
      if (n == 1) {
        workspace.require(into.growth(piece), "a row of a merge join");
        break;
      }
      piece = RowStore.plain(piece.slice(0, n / 2));
    }
    return piece;
  }

  /** Asked twice: a no may come because others are short, and is not given again then. */
  private static boolean fits(long bytes, Workspace workspace) {
    boolean yes = workspace.fits(bytes);
    return yes || workspace.fits(bytes);
  }

  /** The key is done. */
  void clear() {
    open = false;
    passing = false;
    rest = null;
    block.close();
    memory.resize(0);
    kept.clear();
  }

  @Override
  public void close() {
    block.close();
    memory.close();
    kept.close();
  }
}
