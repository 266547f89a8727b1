package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one lane of a sort gathers: rows, then runs in memory, and when they do not fit, runs on
 * disk.
 *
 * <pre>
 * rows -> [open store] --RUN_ROWS--> [run] [run]      in memory
 *              `-----does not fit------`--'
 *                        |
 *                 run 0, run 1, ...                   on disk, each sorted, block by block
 * </pre>
 *
 * <p>Before rows are taken the workspace is asked for the bytes of the copy, of sorting all that is
 * open then, and of writing a block. So sorting and writing are never refused.
 */
public final class SortLane implements AutoCloseable {
  /** Bytes a row that sorting takes. */
  private static final long SORT_BYTES = 41;

  final Workspace workspace;
  final Reservation memory;
  final List<SortedRun> runs = new ArrayList<>();
  final List<SpilledRun> spilled = new ArrayList<>();
  final SpillSizes sizes;
  private final SortLayout layout;
  private final BlockIndex index;
  private final List<RunFile> files = new ArrayList<>();
  private @Nullable RunFile file;
  private @Nullable RowStore open;

  /** Bytes of the string keys of open rows, and of all rows in memory. */
  private long openKeyBytes;

  private long keyBytes;
  private long widestRow;

  /** Of the blocks that there is memory to write. */
  private long blockBytes;

  /** The most that was held when rows were written: what is written at the end may be little. */
  private long mostHeld;

  /** Rows of the order that matter at most, and the prefix after which none does. */
  private int mostRows = Integer.MAX_VALUE;

  private boolean bounded;
  private long bound;

  SortLane(Workspace workspace, SortLayout layout, SpillSizes sizes, BlockIndex index) {
    this.sizes = sizes;
    this.workspace = workspace;
    this.memory = workspace.query().budget().open("sort");
    this.layout = layout;
    this.index = index;
  }

  /** The store that takes rows now. */
  RowStore open() {
    RowStore store = open;
    if (store == null) {
      store = new RowStore(layout.types, memory);
      open = store;
      openKeyBytes = 0;
    }
    return store;
  }

  long openRows() {
    return open == null ? 0 : open.rows();
  }

  /** Only so many first rows of the order are wanted. */
  void keepOnly(int rows) {
    mostRows = rows;
  }

  /** Whether rows whose first prefix is after {@link #bound} are not wanted. */
  boolean isBounded() {
    return bounded;
  }

  long bound() {
    return bound;
  }

  /** Keeps of the open rows only those that are wanted. */
  void cut(int batchRows) {
    RowStore old = open();
    if (workspace.canSpill()
        && !workspace.fits(
            SORT_BYTES * old.rows()
                + openKeyBytes
                + 2 * old.sizeBytes()
                + sizes.minimumBytes() / 4)) {
      spill();
      return;
    }
    SortedRun run = SortedRun.of(old, layout, memory, workspace.query().token());
    RowStore best = new RowStore(layout.types, memory);
    for (int from = 0; from < mostRows; from += batchRows) {
      int n = Math.min(batchRows, mostRows - from);
      best.append(old.gather(layout.all, Arrays.copyOfRange(run.ids, from, from + n), n));
    }
    bound(run);
    run.release();
    old.close();
    open = best;
    // Only flat strings are copied to be compared.
    openKeyBytes = Math.min(openKeyBytes, best.sizeBytes() + 5L * layout.keys.length * best.rows());
  }

  private void bound(SortedRun run) {
    if (run.rows >= mostRows) {
      long last = run.prefixes[mostRows - 1];
      bound = bounded && Long.compareUnsigned(bound, last) < 0 ? bound : last;
      bounded = true;
    }
  }

  /** Takes the rows of a batch of the layout; may spill all that is here. */
  public void add(Batch stored) {
    if (!workspace.canSpill()) {
      open().append(stored);
      return;
    }
    RowSizes of = new RowSizes(stored, layout);
    if (workspace.fits(needed(stored, of))) {
      take(stored, of);
    } else {
      spill();
      pieces(stored);
    }
  }

  private void pieces(Batch stored) {
    int n = stored.count();
    RowSizes of = new RowSizes(stored, layout);
    long bytes = needed(stored, of);
    if (!workspace.fits(bytes) && openRows() > 0) {
      spill();
      bytes = needed(stored, of);
    }
    if (workspace.fits(bytes)) {
      take(stored, of);
    } else if (n == 1) {
      workspace.require(bytes, "a row to be sorted");
      take(stored, of);
    } else {
      pieces(flat(stored.slice(0, n / 2)));
      pieces(flat(stored.slice(n / 2, n)));
    }
  }

  /** A copy, without the dictionaries that more rows share. */
  private static Batch flat(Batch batch) {
    int n = batch.count();
    Column[] out = new Column[batch.columns().length];
    for (int c = 0; c < out.length; c++) {
      out[c] = batch.column(c).gather(batch.positions(), n).flat(null, n);
    }
    return Batch.of(n, out);
  }

  private void take(Batch stored, RowSizes of) {
    blockBytes = sizes.blockBytes(workspace.heldBytes());
    openKeyBytes += of.keyBytes;
    widestRow = Math.max(widestRow, of.widestRow);
    open().append(stored);
  }

  /** Bytes to append the batch, sort what is open then, and write it. */
  private long needed(Batch stored, RowSizes of) {
    long rows = openRows() + stored.count();
    long sorting = SORT_BYTES * rows + 1024 + openKeyBytes + of.keyBytes;
    long widest = Math.max(widestRow, of.widestRow);
    long block = Math.max(sizes.blockBytes(workspace.heldBytes()), widest);
    return open().growth(stored) + sorting + RunWriter.bytesToWrite(block + block / 4);
  }

  /** What the lane reserves in. */
  public Workspace workspace() {
    return workspace;
  }

  public Reservation memory() {
    return memory;
  }

  /** Bytes that {@link #adopt} reserves at most for a store of so many rows. */
  public long bytesToAdopt(long rows, long storeBytes, long rowBytes) {
    long block = Math.max(sizes.blockBytes(workspace.heldBytes()), rowBytes);
    return SORT_BYTES * rows + 2048 + storeBytes + RunWriter.bytesToWrite(block + block / 4);
  }

  /** Takes a store of rows, whose bytes are reserved in {@link #memory}, and writes it to disk. */
  public void adopt(RowStore store) {
    blockBytes = sizes.minBlockBytes();
    open = store;
    spill();
  }

  /** Sorts what is open; the run stays in memory. */
  void endRun() {
    RowStore store = open;
    if (store != null && store.rows() > 0) {
      SortedRun run = SortedRun.of(store, layout, memory, workspace.query().token());
      open = null;
      runs.add(run);
      keyBytes += openKeyBytes;
    }
  }

  /** Whether the runs can be merged where they are, with so many bytes reserved beside them. */
  boolean staysInMemory(long besides) {
    return workspace.fits(keyBytes + besides);
  }

  /** The input has ended: a lane that spilled goes on to do so. */
  void end() {
    if (spilled.isEmpty()) {
      endRun();
    } else {
      spill();
    }
  }

  /** Writes what is in memory, if anything is: others need it. False if nothing was. */
  public boolean makeRoom() {
    if (openRows() == 0 && runs.isEmpty()) {
      return false;
    }
    spill();
    return true;
  }

  /** Writes all rows to disk and frees their memory. */
  void spill() {
    endRun();
    mostHeld = Math.max(mostHeld, workspace.heldBytes());
    // Once for all blocks: what is given back in between could be taken by others.
    long block = Math.max(Math.max(sizes.minBlockBytes(), blockBytes), widestRow);
    long writing = runs.isEmpty() ? 0 : RunWriter.bytesToWrite(block);
    memory.grow(writing);
    for (SortedRun run : runs) {
      bound(run);
      spilled.add(write(run));
    }
    for (SortedRun run : runs) {
      run.release();
      run.store().close();
    }
    runs.clear();
    memory.shrink(writing);
    keyBytes = 0;
    widestRow = 0;
    workspace.trim();
    new RunLevels(this, layout).tidy(mostHeld);
  }

  /** The file for new runs. */
  RunFile file() {
    RunFile now = file;
    if (now == null) {
      now = new RunFile(workspace.newFile());
      file = now;
      files.removeIf(RunFile::isClosed);
      files.add(now);
    }
    return now;
  }

  /** What comes now is written to another file. */
  void newFile() {
    RunFile old = file;
    file = null;
    if (old != null) {
      old.seal();
      old.release();
    }
  }

  BlockIndex index() {
    return index;
  }

  private SpilledRun write(SortedRun run) {
    RowStore store = run.store();
    RunWriter writer = new RunWriter(file(), memory, index, 0);
    long most = Math.max(sizes.minBlockBytes(), blockBytes);
    int n = 256;
    int[] ids = new int[Batch.ROWS];
    int rows = Math.min(run.rows, mostRows);
    for (int at = 0; at < rows; ) {
      workspace.query().token().check();
      n = Math.min(n, rows - at);
      System.arraycopy(run.ids, at, ids, 0, n);
      long bytes = store.rowBytes(ids, n);
      while (bytes > most && n > 1) {
        n = Math.max(1, (int) Math.min(n / 2, n * most / bytes));
        bytes = store.rowBytes(ids, n);
      }
      writer.write(store.gather(layout.all, ids, n));
      at += n;
      n = (int) Math.max(1, Math.min(Batch.ROWS, Math.min(2L * n, n * most / bytes)));
    }
    return writer.end();
  }

  /** Gives up what is on disk. */
  void releaseSpilled() {
    for (SpilledRun run : spilled) {
      run.release();
    }
    spilled.clear();
    // Not sealed: that would write what nobody reads, and may fail where writing has failed before.
    file = null;
    // After a failure there may be files of runs that were not complete.
    files.forEach(RunFile::close);
    files.clear();
  }

  @Override
  public void close() {
    for (SortedRun run : runs) {
      run.store().close();
    }
    runs.clear();
    if (open != null) {
      open.close();
      open = null;
    }
    releaseSpilled();
    index.close();
    memory.close();
    workspace.close();
  }
}
