package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Positions;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.spill.KeyParts;
import dev.penstock.nodes.spill.PartWriter;
import dev.penstock.nodes.spill.SpilledPart;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.FirstRows;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.KeyTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Of each batch, the rows that were not in a batch before (null equals null). Not thread-safe.
 *
 * <p>What was seen is kept in memory; what does not fit goes to disk by hash partition. From then
 * on rows wait, on disk as well, until somebody asks which of them are new:
 *
 * <pre>
 * of(batch)    in memory: the new rows at once      later: null, the rows wait in their partitions
 * isWaiting()
 * next()       partition by partition: waiting rows, as many as fit, into a table; the seen ones
 *              past it; those of the table that were not met are new, and seen from now on
 * </pre>
 */
public final class NewRows implements AutoCloseable {
  /** With so much it can write, read back, and settle block by block. */
  private static final long MINIMUM_BYTES = 512L << 10;

  private static final int STRIDE = 2048;
  private static final int LEAST_BITS = 4;
  private static final int MOST_BITS = 8;
  private static final long PART_BYTES = 64L << 10;
  private static final long MOST_BLOCK_BYTES = 64L << 10;

  private final Workspace workspace;
  private final DataType[] types;
  private final String what;
  private final Reservation memory;
  private @Nullable KeyTable table;
  private @Nullable Disk disk;
  private int[] groups = {};

  /**
   * Takes the least memory that it needs, or throws LIMIT.
   *
   * @param types of the columns of the batches
   * @param what names the holder in a LIMIT error
   */
  public NewRows(QueryContext query, DataType[] types, String what) {
    this(MINIMUM_BYTES, query, types, what);
  }

  NewRows(long minimumBytes, QueryContext query, DataType[] types, String what) {
    this.workspace = Workspace.open(query, what, minimumBytes);
    this.types = types.clone();
    this.what = what;
    this.memory = workspace.query().budget().open(what);
    this.table = newTable(false);
  }

  static int[] ordinals(int n) {
    int[] out = new int[n];
    Arrays.setAll(out, i -> i);
    return out;
  }

  KeyTable newTable(boolean scattered) {
    return new KeyTable(
        types, workspace.query().budget(), what, workspace.query().token(), scattered);
  }

  /**
   * The new rows in their order, or null when there is none, or when that cannot be said now: see
   * {@link #isWaiting}.
   */
  public @Nullable Batch of(Batch batch) {
    int n = batch.count();
    int[] positions = batch.positions();
    int[] rows = new int[n];
    int fresh = 0;
    for (int from = 0; from < n; from += STRIDE) {
      int count = Math.min(STRIDE, n - from);
      int[] at = count == n ? positions : Arrays.copyOfRange(positions, from, from + count);
      if (disk == null && fits(batch.columns(), at, count)) {
        fresh = fresh(batch.columns(), at, count, rows, fresh);
      } else {
        disk().take(batch.withSelection(at, count));
      }
    }
    if (fresh == 0) {
      return null;
    }
    if (fresh == n) {
      return batch;
    }
    Batch narrowed = batch.withSelection(rows, fresh);
    return fresh < batch.length() >> 2 ? narrowed.compact() : narrowed;
  }

  /** Adds the positions of rows that are new, and says how many there are now. */
  private int fresh(Column[] columns, int[] at, int count, int[] rows, int before) {
    KeyTable seen = java.util.Objects.requireNonNull(table);
    if (groups.length < count) {
      groups = new int[STRIDE];
    }
    int known = seen.groups();
    seen.assign(columns, at, count, groups);
    int fresh = seen.groups() - known;
    if (fresh == count) {
      System.arraycopy(at, 0, rows, before, count);
    } else if (fresh > 0) {
      int[] first = FirstRows.find(groups, count, known, known + fresh);
      Arrays.sort(first);
      for (int i = 0; i < fresh; i++) {
        rows[before + i] = at[first[i]];
      }
    }
    return before + fresh;
  }

  /** Whether the table can take the rows, and be written when the next ones do not fit. */
  private boolean fits(Column[] columns, int[] at, int count) {
    if (!workspace.canSpill()) {
      return true;
    }
    KeyTable seen = java.util.Objects.requireNonNull(table);
    long reserve = writing(seen, count);
    long packing = seen.packingGrowth(columns, at, count);
    return (packing == 0 || workspace.fits(packing + reserve))
        && workspace.fits(reserve + seen.growth(columns, at, count));
  }

  private Disk disk() {
    Disk away = disk;
    if (away == null) {
      away = new Disk();
      disk = away;
      away.write(java.util.Objects.requireNonNull(table));
      table = null;
    }
    return away;
  }

  /** Bytes that writing the table takes. */
  private static long writing(KeyTable seen, int more) {
    return 2 * PartWriter.labelBytes((long) seen.groups() + more)
        + 4 * blockBytes(seen)
        + 32L * STRIDE;
  }

  private static long blockBytes(KeyTable seen) {
    return Math.min(MOST_BLOCK_BYTES, Math.max(4 << 10, seen.heldBytes() / 16));
  }

  /** Rows were taken of which nobody knows whether they are new: ask for {@link #next}. */
  public boolean isWaiting() {
    return disk != null && disk.isWaiting;
  }

  /**
   * The next of the waiting rows that are new; empty when there is more to do; null when no row
   * waits any more.
   */
  public @Nullable Batch next() {
    workspace.query().token().check();
    return disk == null ? null : disk.next();
  }

  @Override
  public void close() {
    if (table != null) {
      table.close();
      table = null;
    }
    if (disk != null) {
      disk.close();
    }
    memory.close();
    workspace.close();
  }

  /** What was seen and what waits, when it does not fit. */
  private final class Disk implements AutoCloseable {
    private final KeyParts by;
    private final SpillFile file;
    private final SpilledPart[] seen;
    private final int[] partOf = new int[STRIDE];
    private final long[] scratch = new long[STRIDE];
    private @Nullable PartWriter waiting;
    private boolean isWaiting;
    private int part = -1;
    private @Nullable Settling settling;

    Disk() {
      long bytes = java.util.Objects.requireNonNull(table).heldBytes();
      int bits = 63 - Long.numberOfLeadingZeros(Math.max(1, bytes / PART_BYTES));
      this.by = new KeyParts(0, Math.max(LEAST_BITS, Math.min(MOST_BITS, bits)));
      this.file = workspace.newFile();
      this.seen = new SpilledPart[by.count()];
      Arrays.setAll(seen, i -> new SpilledPart());
    }

    /** All keys of the table, which is closed. */
    void write(KeyTable from) {
      int n = from.groups();
      long block = blockBytes(from);
      memory.grow(4 * block + 32L * STRIDE);
      Ints labels = new Ints(memory);
      labels.ensure(n);
      int[] next = new int[by.count() + 1];
      int[] ids = new int[STRIDE];
      for (int first = 0; first < n; first += STRIDE) {
        workspace.query().token().check();
        int count = Math.min(STRIDE, n - first);
        for (int i = 0; i < count; i++) {
          ids[i] = first + i;
        }
        by.of(from.keys(ids, count), Positions.identity(count), count, scratch, partOf);
        for (int i = 0; i < count; i++) {
          labels.set(first + i, partOf[i]);
          next[partOf[i] + 1]++;
        }
      }
      for (int p = 0; p < by.count(); p++) {
        next[p + 1] += next[p];
      }
      int[] starts = next.clone();
      Ints order = new Ints(memory);
      order.ensure(n);
      for (int i = 0; i < n; i++) {
        order.set(next[labels.get(i)]++, i);
      }
      int most = (int) Math.max(1, Math.min(STRIDE, block * n / Math.max(1, from.heldBytes())));
      for (int p = 0; p < by.count(); p++) {
        for (int at = starts[p]; at < starts[p + 1]; ) {
          workspace.query().token().check();
          int count = Math.min(most, starts[p + 1] - at);
          for (int i = 0; i < count; i++) {
            ids[i] = order.get(at + i);
          }
          seen[p].add(SpilledPart.written(file, Batch.of(count, from.keys(ids, count))));
          at += count;
        }
      }
      order.clear();
      labels.clear();
      memory.resize(0);
      from.close();
      workspace.trim();
    }

    /** At most {@value #STRIDE} rows. */
    void take(Batch batch) {
      PartWriter to = waiting;
      if (to == null) {
        to = new PartWriter(workspace, types, by.count(), workspace.newFile());
        waiting = to;
      }
      isWaiting = true;
      by.of(batch.columns(), batch.positions(), batch.count(), scratch, partOf);
      to.append(batch, partOf);
    }

    @Nullable Batch next() {
      PartWriter from = waiting;
      if (from == null) {
        return null;
      }
      if (part < 0) {
        from.flush();
        part = 0;
      }
      Settling now = settling;
      if (now == null) {
        if (part == by.count()) {
          from.close();
          from.file().close();
          waiting = null;
          isWaiting = false;
          part = -1;
          return null;
        }
        SpilledPart rows = from.parts()[part];
        if (rows.isEmpty()) {
          part++;
          return Batch.of(0);
        }
        now = new Settling(NewRows.this, workspace, types, rows, seen[part], file);
        settling = now;
      }
      Batch batch = now.next();
      if (batch == null) {
        now.close();
        settling = null;
        part++;
        return Batch.of(0);
      }
      return batch;
    }

    @Override
    public void close() {
      if (settling != null) {
        settling.close();
      }
      if (waiting != null) {
        waiting.close();
        waiting.file().close();
      }
      file.close();
    }
  }
}
