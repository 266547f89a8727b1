package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads sorted rows from disk, some whole partitions at a time.
 *
 * <pre>
 * batches   [a a b b b][b c c c c][c d d e e]
 * chunks    [a a b b b  b][c c c c  c d d][e e     at least CHUNK_ROWS, up to where a partition ends
 * </pre>
 */
final class SpilledWindow {
  private static final int CHUNK_ROWS = 1 << 13;

  /** Bytes a row that evaluating takes beside the rows: the order, bits, and sliding frames. */
  static final long ROW_BYTES = 64;

  private final WindowLayout layout;
  private final Source.Decoder sorted;
  private final Workspace workspace;
  private final Reservation memory;
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private @Nullable Batch last;

  /** There is no memory for long chunks: a chunk ends wherever it may. */
  private boolean tight;

  SpilledWindow(
      WindowLayout layout, Source.Decoder sorted, Workspace workspace, Reservation memory) {
    this.layout = layout;
    this.sorted = sorted;
    this.workspace = workspace;
    this.memory = memory;
  }

  void begin(Source.Morsel range) {
    sorted.begin(range);
    waiting.clear();
    last = null;
  }

  /** The rows of the next partitions, in order; null at the end of the range. */
  @Nullable RowStore next() {
    RowStore rows = null;
    for (; ; ) {
      Batch batch = waiting.isEmpty() ? sorted.next() : waiting.pop();
      if (batch == null) {
        return rows;
      }
      if (rows == null) {
        rows = new RowStore(layout.types, memory);
        last = null;
      }
      int n = batch.count();
      if (n > 1 && workspace.canSpill() && !workspace.fits(needed(rows, batch))) {
        tight = true;
        waiting.push(batch.slice(n / 2, n).compact());
        waiting.push(batch.slice(0, n / 2).compact());
        continue;
      }
      int cut = !tight && rows.rows() + n < CHUNK_ROWS ? -1 : boundary(batch);
      if (cut == 0) {
        waiting.push(batch);
        return rows;
      }
      Batch taken = cut < 0 ? batch : batch.slice(0, cut);
      if (workspace.canSpill()) {
        workspace.require(needed(rows, taken), "a window partition that is too long for memory");
      }
      rows.append(taken);
      if (cut > 0) {
        waiting.push(batch.slice(cut, n).compact());
        return rows;
      }
      last = batch;
    }
  }

  private static long needed(RowStore rows, Batch batch) {
    return rows.growth(batch) + ROW_BYTES * (rows.rows() + batch.count()) + (32 << 10);
  }

  /** The last row of the batch that begins a partition, when rows come before it; else -1. */
  private int boundary(Batch batch) {
    int keys = layout.partition.length;
    for (int i = batch.count() - 1; i > 0; i--) {
      if (!layout.sort.isEqual(keys, batch, i - 1, batch, i)) {
        return i;
      }
    }
    Batch before = last;
    return before != null && !layout.sort.isEqual(keys, before, before.count() - 1, batch, 0)
        ? 0
        : -1;
  }
}
