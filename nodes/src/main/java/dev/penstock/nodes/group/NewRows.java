package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Positions;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Budget;
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
 * <p>What was seen is kept in memory. When it does not fit, it goes to disk by hash partition, and
 * a filter remembers, in a few bits a row, what lies there. Rows that the filter does not know are
 * new or in memory, which takes what comes next; the others wait, on disk as well, until somebody
 * asks which of them are new:
 *
 * <pre>
 * of(batch)    new rows at once, as far as that can be said; the others wait in their partitions
 * isWaiting()
 * next()       partition by partition: waiting rows, as many as fit, into a table; the seen ones
 *              past it; those of the table that were not met are new, and seen from now on
 * </pre>
 */
public final class NewRows implements AutoCloseable {
  /** With so much it can write, read back, and settle block by block, and filter. */
  private static final long MINIMUM_BYTES = (512L << 10) + SeenFilter.LEAST_BYTES;

  private static final int STRIDE = 2048;
  private static final int LEAST_BITS = 4;
  private static final int MOST_BITS = 8;
  private static final long PART_BYTES = 64L << 10;
  private static final long MOST_BLOCK_BYTES = 64L << 10;

  private final Workspace workspace;
  private final DataType[] types;
  private final String what;

  /** Of what was seen: all, or what came since the last time it did not fit. */
  private KeyTable table;

  /** Kept for writing the table. */
  private final Budget writing;

  private long writingBytes;
  private final SeenFilter filter;
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
    this.writing = workspace.query().budget().child(what);
    this.filter = new SeenFilter(workspace);
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
   * Rows that are new, in their order, or null when there is none. Of others that cannot be said
   * now: see {@link #isWaiting}.
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
        fresh = disk().take(batch, at, count, rows, fresh);
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
    KeyTable seen = table;
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
    KeyTable seen = table;
    long needed = writingBytes(seen, count);
    long more = needed <= writingBytes ? 0 : needed + (needed >> 3) - writingBytes;
    long packing = seen.packingGrowth(columns, at, count);
    long beside = more + (disk == null ? 0 : disk.flushBytes());
    if ((packing > 0 && !workspace.fits(packing + beside))
        || !workspace.fits(beside + seen.growth(columns, at, count))
        || !writing.guarantee(writingBytes + more)) {
      return false;
    }
    writingBytes += more;
    return true;
  }

  private Disk disk() {
    Disk away = disk;
    if (away == null) {
      filter.open(table.heldBytes());
      away = new Disk();
      disk = away;
      away.write();
    }
    return away;
  }

  /** Moves what is in memory to disk; false: there was nothing. */
  boolean makeRoom() {
    Disk away = disk;
    if (away == null || table.groups() == 0) {
      return false;
    }
    away.write();
    return true;
  }

  /** Bytes that writing the table takes. */
  private static long writingBytes(KeyTable seen, int more) {
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
    table.close();
    if (disk != null) {
      disk.close();
    }
    filter.close();
    writing.close();
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
      long bytes = table.heldBytes();
      int bits = 63 - Long.numberOfLeadingZeros(Math.max(1, bytes / PART_BYTES));
      this.by = new KeyParts(0, Math.max(LEAST_BITS, Math.min(MOST_BITS, bits)));
      this.file = workspace.newFile();
      this.seen = new SpilledPart[by.count()];
      Arrays.setAll(seen, i -> new SpilledPart());
    }

    /** What writing the rows that wait takes: it is prepared. */
    long flushBytes() {
      return waiting == null ? 0 : waiting.flushBytes();
    }

    /** Writes the keys of the table, which is empty then. */
    void write() {
      KeyTable from = table;
      try (Reservation room = writing.open(what)) {
        write(from, room);
      }
      from.close();
      writing.close();
      writingBytes = 0;
      table = newTable(false);
      table.beFrugal();
      if (flushBytes() == 0) {
        workspace.trim();
      }
    }

    private void write(KeyTable from, Reservation room) {
      int n = from.groups();
      long block = blockBytes(from);
      room.grow(4 * block + 32L * STRIDE);
      Ints labels = new Ints(room);
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
        filter.add(scratch, count);
        for (int i = 0; i < count; i++) {
          labels.set(first + i, partOf[i]);
          next[partOf[i] + 1]++;
        }
      }
      for (int p = 0; p < by.count(); p++) {
        next[p + 1] += next[p];
      }
      int[] starts = next.clone();
      Ints order = new Ints(room);
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
    }

    /**
     * Takes at most {@value #STRIDE} rows: adds the positions of those that are certainly new, and
     * says how many there are now.
     */
    int take(Batch batch, int[] at, int count, int[] rows, int before) {
      by.of(batch.columns(), at, count, scratch, partOf);
      int[] unknown = new int[count];
      int[] known = new int[count];
      int n = 0;
      int m = 0;
      for (int i = 0; i < count; i++) {
        if (filter.mayContain(scratch[i])) {
          partOf[m] = partOf[i];
          known[m++] = at[i];
        } else {
          unknown[n++] = at[i];
        }
      }
      if (n > 0 && !fits(batch.columns(), unknown, n)) {
        if (makeRoom()) {
          return take(batch, at, count, rows, before); // the filter knows more now
        }
        by.of(batch.columns(), at, count, scratch, partOf);
        filter.add(scratch, count); // the table is empty; what is equal to one of these waits too
        hold(batch.withSelection(at, count));
        return before;
      }
      int after = n == 0 ? before : fresh(batch.columns(), unknown, n, rows, before);
      if (m > 0) {
        hold(batch.withSelection(known, m));
      }
      return after;
    }

    /** Rows of which nobody knows whether they are new; their partitions are in {@link #partOf}. */
    private void hold(Batch batch) {
      PartWriter to = waiting;
      if (to == null) {
        to = new PartWriter(workspace, types, by.count(), workspace.newFile());
        waiting = to;
      }
      isWaiting = true;
      if (!to.hasRoom(batch)) {
        int[] parts = partOf.clone();
        makeRoom();
        to.append(batch, parts);
        return;
      }
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
