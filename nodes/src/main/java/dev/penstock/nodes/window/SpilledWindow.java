package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads sorted rows from disk, some whole partitions at a time. A partition that does not fit is
 * written once more, to be read as its functions ask for it ({@link DiskRows}).
 *
 * <pre>
 * batches   [a a b b b][b c c c c][c d d e e]
 * chunks    [a a b b b  b][c c c c  c d d][e e     at least CHUNK_ROWS, up to where a partition ends
 * </pre>
 */
final class SpilledWindow {
  private static final int CHUNK_ROWS = 1 << 13;

  /** What is left free for writing blocks of the least size. */
  private static final long WRITE_BYTES = DiskWriter.bytes(DiskBlocks.LEAST_BYTES);

  private final WindowLayout layout;
  private final Source.Decoder sorted;
  private final Workspace workspace;
  private final Reservation memory;
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private @Nullable Batch last;

  /** There is no memory for long chunks: a chunk ends wherever it may. */
  private boolean tight;

  private final StateBytes states;

  /** Different frames, about. */
  private final int frames;

  /** Rows of a block on disk at most. */
  private final int blockRows;

  SpilledWindow(
      WindowLayout layout,
      Source.Decoder sorted,
      Workspace workspace,
      Reservation memory,
      int batchRows) {
    this.layout = layout;
    this.sorted = sorted;
    this.workspace = workspace;
    this.memory = memory;
    this.states = StateBytes.of(layout);
    this.blockRows = Math.min(batchRows, SortedRows.READ_ROWS);
    this.frames =
        (int) layout.functions.stream().map(f -> String.valueOf(f.frame())).distinct().count();
  }

  void begin(Source.Morsel range) {
    sorted.begin(range);
    waiting.clear();
    last = null;
  }

  /** The rows of the next partitions, in order; null at the end of the range. */
  @Nullable SortedRows next() {
    RowStore rows = null;
    for (; ; ) {
      Batch batch = nextBatch();
      if (batch == null) {
        return rows == null ? null : held(rows);
      }
      if (rows == null) {
        rows = new RowStore(layout.types, memory);
        last = null;
      }
      int n = batch.count();
      boolean fits = !workspace.canSpill() || workspace.fits(needed(rows, batch));
      tight |= !fits;
      int cut = !tight && rows.rows() + n < CHUNK_ROWS ? -1 : boundary(batch);
      if (cut == 0) {
        waiting.push(batch);
        return held(rows);
      }
      if (!fits && cut < 0) {
        return onDisk(rows, batch);
      }
      if (!fits) {
        waiting.push(batch.slice(n / 2, n).compact());
        waiting.push(batch.slice(0, n / 2).compact());
        continue;
      }
      rows.append(cut < 0 ? batch : batch.slice(0, cut));
      if (cut > 0) {
        waiting.push(batch.slice(cut, n).compact());
        return held(rows);
      }
      last = batch;
    }
  }

  private @Nullable Batch nextBatch() {
    return waiting.isEmpty() ? sorted.next() : waiting.pop();
  }

  private SortedRows held(RowStore rows) {
    return HeldRows.ofSorted(rows, layout, memory, workspace.query().token());
  }

  /** The last partition does not fit: writes all rows of the chunk, and those that follow. */
  private SortedRows onDisk(RowStore rows, Batch next) {
    DiskBlocks blocks = new DiskBlocks(workspace, memory, cached(), cached() + cursors());
    try (DiskWriter writer = new DiskWriter(layout, blocks, blockRows)) {
      writer.blockBytes(blocks.leastBytes());
      move(rows, writer);
      writer.blockBytes(blocks.reserve());
      Batch batch = next;
      int cut = -1;
      while (batch != null && cut < 0) {
        writer.add(batch);
        last = batch;
        batch = nextBatch();
        cut = batch == null ? -1 : boundary(batch);
      }
      if (batch != null) {
        if (cut > 0) {
          writer.add(batch.slice(0, cut));
        }
        waiting.push(batch.slice(cut, batch.count()).compact());
      }
      writer.end();
      blocks.open();
      return new DiskRows(layout, blocks);
    } catch (RuntimeException e) {
      blocks.close();
      throw e;
    }
  }

  private void move(RowStore rows, DiskWriter to) {
    int[] all = new int[layout.types.length];
    Arrays.setAll(all, c -> c);
    int n = (int) rows.rows();
    int step = (int) Math.max(1, Math.min(256, (32L << 10) * n / (rows.sizeBytes() + 1)));
    for (int from = 0; from < n; from += step) {
      int start = from;
      int[] ids = new int[Math.min(step, n - from)];
      Arrays.setAll(ids, i -> start + i);
      to.add(rows.gather(all, ids, ids.length));
    }
    rows.close();
  }

  /** Blocks that are at hand: the one that goes out, one for each end of each frame. */
  private int cached() {
    return 3 + 2 * frames;
  }

  /** Blocks whose columns are held by those who read arguments. */
  private int cursors() {
    return 2 * layout.functions.size() + 2 * frames;
  }

  private long needed(RowStore rows, Batch batch) {
    return rows.growth(batch)
        + states.ofRow() * (rows.rows() + batch.count())
        + Math.max(states.fixed(), WRITE_BYTES);
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
