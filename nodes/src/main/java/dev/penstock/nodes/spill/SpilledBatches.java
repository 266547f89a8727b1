package dev.penstock.nodes.spill;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DictionaryColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.Positions;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.rows.RowStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batches that are kept in their order: in memory while they fit, else as blocks on disk. Read as
 * often as wanted when it is {@link #complete}.
 *
 * <pre>
 * pieces   [block] [block] [block] | batch batch batch      what lies in memory comes last; when the
 *                                                           next batch does not fit, it is written
 * </pre>
 *
 * <p>Concurrency: one thread at a time adds; any number read what is complete, with a
 * happens-before from its end.
 */
public final class SpilledBatches implements AutoCloseable {
  /** With so much it can be read, for each reader. */
  public static final long READ_BYTES = 256L << 10;

  private static final long MINIMUM_BYTES = 384L << 10;
  private static final long FLUSH_BYTES = 320L << 10;
  private static final long BLOCK_BYTES = 48L << 10;
  private static final int BLOCK_ROWS = 4096;
  private static final String WRITTEN = "rows that are written";

  /** Of an object, before one was written. */
  private static final long OBJECT_BYTES = 512;

  private record Block(long handle) {}

  private final DataType[] types;
  private final String name;
  private final Workspace workspace;
  private final Reservation memory;
  private final int objects;
  private long objectBytes = OBJECT_BYTES;
  private final List<Object> pieces = new ArrayList<>();
  private int written;
  private long rows;
  private @Nullable SpillFile file;

  /** Takes the least memory that it needs, or throws LIMIT. */
  public SpilledBatches(QueryContext query, DataType[] types, String name) {
    this.types = types.clone();
    int n = 0;
    for (DataType type : types) {
      n += type.layout() == Layout.OBJECTS ? 1 : 0;
    }
    this.objects = n;
    this.name = name;
    this.workspace = Workspace.open(query, name, MINIMUM_BYTES);
    this.memory = workspace.query().budget().open(name);
  }

  /** Adds a batch; the caller gives it away. */
  public void add(Batch batch) {
    if (batch.isEmpty()) {
      return;
    }
    long bytes = batch.sizeBytes();
    rows += batch.count();
    if (!workspace.fits(bytes + FLUSH_BYTES)) {
      flush();
      if (!workspace.fits(bytes + FLUSH_BYTES)) {
        write(List.of(batch), false);
        return;
      }
    }
    memory.grow(bytes);
    pieces.add(batch);
  }

  /**
   * No more batches. What lies in memory stays there, unless it is more than what others have left:
   * who comes next needs it more.
   */
  public void complete() {
    long left = workspace.query().budget().availableBytes();
    if (workspace.canSpill() && (written > 0 || memory.heldBytes() > left)) {
      flush();
    }
    workspace.settled();
    workspace.trim();
  }

  public long rows() {
    return rows;
  }

  /** How many pieces there are to {@link #read}. */
  public int pieces() {
    return pieces.size();
  }

  /** Whether {@link #read} needs no memory. */
  public boolean isInMemory() {
    return written == 0;
  }

  /**
   * Bytes that reading a piece takes, to be reserved before; at most {@link #READ_BYTES} unless a
   * row is very long.
   */
  public long readBytes(int piece) {
    return pieces.get(piece) instanceof Block b
        ? java.util.Objects.requireNonNull(file).readBytes(b.handle)
        : 0;
  }

  /** A piece; the same rows every time. */
  public Batch read(int piece) {
    return pieces.get(piece) instanceof Block b
        ? java.util.Objects.requireNonNull(file).read(b.handle)
        : (Batch) pieces.get(piece);
  }

  /** Writes what lies in memory. */
  private void flush() {
    if (written < pieces.size()) {
      List<Batch> batches = new ArrayList<>();
      for (Object piece : pieces.subList(written, pieces.size())) {
        batches.add((Batch) piece);
      }
      pieces.subList(written, pieces.size()).clear();
      write(batches, true);
    }
    workspace.trim();
  }

  /** Writes batches in blocks of a good size. */
  private void write(List<Batch> batches, boolean held) {
    SpillFile to = file;
    if (to == null) {
      to = workspace.newFile();
      file = to;
    }
    // Kept until all is written: what is given back in between could be taken by others.
    try (Budget room = workspace.query().budget().child(name);
        Reservation writing = room.open(name)) {
      if (!room.guarantee(FLUSH_BYTES)) {
        workspace.require(FLUSH_BYTES, WRITTEN);
        room.guarantee(FLUSH_BYTES);
      }
      write(batches, held, to, room, writing);
    }
  }

  private void write(
      List<Batch> batches, boolean held, SpillFile to, Budget room, Reservation writing) {
    RowStore gathered = new RowStore(types, writing);
    for (Batch batch : batches) {
      int n = batch.count();
      // Half a block: less than a block and so much more must not double what the store takes.
      int step = (int) Math.max(1, Math.min(BLOCK_ROWS, BLOCK_BYTES / 2 * n / flatBytes(batch)));
      for (int from = 0; from < n; from += step) {
        // Plain: blocks are, and a store may need much for dictionaries that others follow.
        Batch slice = RowStore.plain(batch.slice(from, Math.min(n, from + step)));
        long bytes = gathered.growth(slice) + 4 * BLOCK_BYTES;
        if (!room.prepare(bytes)) {
          workspace.require(bytes, WRITTEN);
          room.prepare(bytes);
        }
        gathered.append(slice);
        if (gathered.sizeBytes() + objects * objectBytes * gathered.rows() >= BLOCK_BYTES
            || gathered.rows() >= BLOCK_ROWS) {
          gathered = write(gathered, to, writing);
        }
      }
      memory.shrink(held ? batch.sizeBytes() : 0);
    }
    write(gathered, to, writing).close();
  }

  private RowStore write(RowStore gathered, SpillFile to, Reservation writing) {
    int n = (int) gathered.rows();
    if (n > 0) {
      int[] all = new int[types.length];
      Arrays.setAll(all, i -> i);
      long before = to.rawBytes();
      pieces.add(new Block(to.write(gathered.gather(all, Positions.identity(n), n))));
      written = pieces.size(); // block by block: the next one may find the disk full
      if (objects > 0) {
        objectBytes = Math.max(16, (to.rawBytes() - before) / n / objects);
      }
    }
    gathered.close();
    return new RowStore(types, writing);
  }

  /** Bytes of the rows in flat columns, about; at least one. */
  private long flatBytes(Batch batch) {
    int n = batch.count();
    int[] at = batch.positions();
    long sum = 1 + objects * objectBytes * n;
    for (Column column : batch.columns()) {
      sum += 8L * n;
      if (column.type().layout() == Layout.PAIRS) {
        sum += 8L * n;
      } else if (column.type().layout() == Layout.BYTES) {
        FlatColumn values =
            column instanceof DictionaryColumn d
                ? d.dictionary()
                : column instanceof ConstantColumn c ? c.single() : (FlatColumn) column;
        BytesColumn bytes = (BytesColumn) values;
        int[] ids = column instanceof DictionaryColumn d ? d.ids() : null;
        for (int i = 0; i < n; i++) {
          int p = ids == null ? at[i] : ids[at[i]];
          sum += p < 0 ? 0 : bytes.size(column instanceof ConstantColumn ? 0 : p);
        }
      }
    }
    return objects > 0 ? Math.max(sum, batch.sizeBytes()) : sum;
  }

  /** Nobody reads it any more: it is empty again. */
  public void clear() {
    pieces.clear();
    written = 0;
    rows = 0;
    memory.resize(0);
    workspace.trim();
    if (file != null) {
      file.close();
      file = null;
    }
  }

  @Override
  public void close() {
    clear();
    memory.close();
    workspace.close();
  }
}
