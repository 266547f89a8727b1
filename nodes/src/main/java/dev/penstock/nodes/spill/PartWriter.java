package dev.penstock.nodes.spill;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.GatherScratch;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.rows.SpareArrays;
import dev.penstock.nodes.table.Ints;
import java.util.Arrays;

/**
 * Gathers rows of one side in one lane, and writes them to disk by partition when memory is short.
 *
 * <pre>
 * rows, as they come   a c b a a b        in memory
 * flush                [a a a] [b b] [c]  blocks of the file, each listed under its partition
 * </pre>
 *
 * <p>One thread at a time. The file is the caller's.
 */
public final class PartWriter implements AutoCloseable {
  private static final int MAX_BLOCK_ROWS = 8192;
  private static final long LEAST_BLOCK_BYTES = 4L << 10;
  private static final long MOST_BLOCK_BYTES = 128L << 10;

  private final Workspace workspace;
  private final Reservation memory;
  private final DataType[] types;
  private final SpilledPart[] parts;
  private final int[] all;
  private final Ints labels;
  private final SpillFile file;
  private final SpareArrays spare;
  private RowStore rows;

  public PartWriter(Workspace workspace, DataType[] types, int parts, SpillFile file) {
    this.workspace = workspace;
    this.memory = workspace.query().budget().open("rows to spill of a join");
    this.types = types;
    this.file = file;
    this.parts = new SpilledPart[parts];
    Arrays.setAll(this.parts, i -> new SpilledPart());
    this.all = new int[types.length];
    Arrays.setAll(all, i -> i);
    this.labels = new Ints(memory);
    this.spare = new SpareArrays(memory);
    this.rows = new RowStore(types, memory, spare);
  }

  public SpillFile file() {
    return file;
  }

  /** What was written, by partition. */
  public SpilledPart[] parts() {
    return parts;
  }

  /**
   * Takes rows.
   *
   * @param partOf the partition of each row
   */
  public void append(Batch batch, int[] partOf) {
    if (!fits(batch)) {
      writeHeld();
      if (!workspace.fits(need(batch))) {
        spare.clear();
      }
      if (!workspace.fits(need(batch))) {
        Batch plain = RowStore.plain(batch);
        if (plain != batch) {
          append(plain, partOf);
          return;
        }
        int n = batch.count();
        if (n > 1) {
          append(batch.slice(0, n / 2), partOf);
          append(batch.slice(n / 2, n), Arrays.copyOfRange(partOf, n / 2, n));
          return;
        }
        workspace.require(need(batch), "a row");
      }
    }
    int first = (int) rows.rows();
    rows.append(batch);
    labels.ensure(first + batch.count());
    for (int i = 0; i < batch.count(); i++) {
      labels.set(first + i, partOf[i]);
    }
  }

  /** Bytes that {@link #flush} takes now: whoever shares the workspace leaves them there. */
  public long flushBytes() {
    return rows.rows() == 0 ? 0 : flushBytes(rows, 0, 0);
  }

  /** Whether rows can be taken beside those that are held. */
  public boolean hasRoom(Batch batch) {
    return workspace.fits(need(batch));
  }

  /** Arrays that wait are given up before rows are written that are fewer. */
  private boolean fits(Batch batch) {
    long need = need(batch);
    boolean fits = workspace.fits(need);
    while (!fits && spare.bytes() > rows.sizeBytes()) {
      spare.release(Math.max(need, spare.bytes() / 8));
      need = need(batch);
      fits = workspace.fits(need);
    }
    return fits;
  }

  private long need(Batch batch) {
    long growth = rows.growth(batch);
    return growth
        + labelBytes(rows.rows() + batch.count())
        + flushBytes(rows, growth, batch.count());
  }

  /** Bytes that {@link #write} takes when so many bytes and rows have come to the store. */
  public static long flushBytes(RowStore rows, long growth, int more) {
    return labelBytes(rows.rows() + more)
        + 4 * blockBytes(rows.sizeBytes() + growth + rows.spareBytes());
  }

  /** Bytes of an int a row, while it grows. */
  public static long labelBytes(long rows) {
    return rows < Ints.SIZE ? 8 * rows + 256 : 4 * rows + rows / 256 + 4L * Ints.SIZE;
  }

  private static long blockBytes(long storeBytes) {
    return Math.min(MOST_BLOCK_BYTES, Math.max(LEAST_BLOCK_BYTES, storeBytes / 16));
  }

  /** Writes everything that is held, and gives the memory back. */
  public void flush() {
    writeHeld();
    spare.clear();
    workspace.trim();
  }

  private void writeHeld() {
    if (rows.rows() > 0) {
      write(rows, labels);
      rows.close();
      labels.clear();
      rows = new RowStore(types, memory, spare);
    }
    if (!workspace.canKeepSpare()) {
      spare.clear();
    }
    workspace.trim();
  }

  /** Writes the rows of a store that absorbed no other. */
  public void write(RowStore store, Ints partOf) {
    int n = (int) store.rows();
    Ints order = new Ints(memory);
    order.ensure(n);
    int[] next = new int[parts.length + 1];
    for (int i = 0; i < n; i++) {
      next[partOf.get(i) + 1]++;
    }
    for (int p = 0; p < parts.length; p++) {
      next[p + 1] += next[p];
    }
    int[] starts = next.clone();
    for (int i = 0; i < n; i++) {
      order.set(next[partOf.get(i)]++, i);
    }
    long block = blockBytes(store.sizeBytes());
    memory.grow(4 * block);
    GatherScratch scratch = new GatherScratch();
    int most =
        (int) Math.max(1, Math.min(MAX_BLOCK_ROWS, block * n / Math.max(1, store.sizeBytes())));
    for (int p = 0; p < parts.length; p++) {
      int count = starts[p + 1] - starts[p];
      int pieces = (count + most - 1) / most;
      for (int piece = 0; piece < pieces; piece++) {
        int from = starts[p] + (int) ((long) count * piece / pieces);
        int to = starts[p] + (int) ((long) count * (piece + 1) / pieces);
        int[] ids = new int[to - from];
        for (int i = from; i < to; i++) {
          ids[i - from] = order.get(i);
        }
        Batch rowsOfPart = store.gather(all, ids, ids.length, scratch);
        parts[p].add(SpilledPart.written(file, rowsOfPart));
      }
    }
    memory.shrink(4 * block);
    order.clear();
  }

  /** Bytes of the rows in a store, about; flat columns without a selection. */
  static long heldBytes(Batch batch) {
    long n = batch.count();
    long sum = 0;
    for (Column column : batch.columns()) {
      sum += 64 + (column.mayHaveNulls() ? n / 8 : 0);
      sum +=
          switch (column.type().layout()) {
            case BITS -> n / 8;
            case INTS -> 4 * n;
            case LONGS, DOUBLES -> 8 * n;
            case PAIRS -> 16 * n;
            case BYTES ->
                8 * n
                    + (column instanceof BytesColumn b
                        ? b.offsets()[(int) n] - b.offsets()[0]
                        : column.sizeBytes());
            case OBJECTS -> column.sizeBytes();
          };
    }
    return sum;
  }

  @Override
  public void close() {
    rows.close();
    spare.close();
    memory.close();
  }
}
