package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Positions;
import dev.penstock.batch.kernel.Equality;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.SpilledPart;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.KeyTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which of the waiting rows of a partition are new ({@link NewRows}). Chunk by chunk: as many
 * blocks of waiting rows as fit.
 *
 * <pre>
 * table        distinct rows of the chunk
 * hashes, ids  an open-addressed index of them: hash and row + 1; equal hashes have a slot each
 * old          for each row: it was seen before
 * </pre>
 */
final class Settling implements AutoCloseable {
  private static final long OUT_BYTES = 48L << 10;
  private static final int PAIRS = 1024;
  private static final int STRIDE = 2048;
  private static final int LEAST_ROWS = 32;

  private final NewRows owner;
  private final Workspace workspace;
  private final Reservation memory;
  private final SpilledPart waiting;
  private final SpilledPart seen;
  private final SpillFile file;
  private final int outRows;
  private int nextWaiting;
  private int nextRow;
  private @Nullable KeyTable table;
  private int chunkRows;
  private int seenBefore;
  private int nextSeen;
  private byte[] old = {};
  private long[] hashes = {};
  private int[] ids = {};
  private int nextOut;
  private int[] groups = {};
  private long[] scratch = {};

  Settling(
      NewRows owner,
      Workspace workspace,
      DataType[] types,
      SpilledPart waiting,
      SpilledPart seen,
      SpillFile file) {
    this.owner = owner;
    this.workspace = workspace;
    this.memory = workspace.query().budget().open("rows that may be new");
    this.waiting = waiting;
    this.seen = seen;
    this.file = file;
    long rowBytes = waiting.heldBytes() / Math.max(1, waiting.rows()) + 8L * types.length + 1;
    this.outRows = (int) Math.max(1, Math.min(Batch.ROWS, OUT_BYTES / rowBytes));
  }

  /** Bytes that telling which rows are new takes, for a chunk of so many. */
  private static long markBytes(long rows) {
    return rows + 16 + 12L * capacity(rows) + 3 * OUT_BYTES;
  }

  private static int capacity(long rows) {
    return (int) Math.max(16, Math.min(1 << 30, Long.highestOneBit(Math.max(1, rows)) << 2));
  }

  /** New rows; empty when there is more to do; null at the end. */
  @Nullable Batch next() {
    KeyTable t = table;
    if (t == null) {
      if (nextWaiting == waiting.blocks.size()) {
        return null;
      }
      load();
      return Batch.of(0);
    }
    if (nextSeen < seenBefore) {
      pass(t, seen.blocks.get(nextSeen++));
      return Batch.of(0);
    }
    int[] ids = groups(outRows);
    int n = 0;
    for (; nextOut < chunkRows && n < outRows; nextOut++) {
      ids[n] = nextOut;
      n += old[nextOut] == 0 ? 1 : 0;
    }
    if (n > 0) {
      Column[] keys = t.keys(ids, n);
      Batch fresh = Batch.of(n, Arrays.copyOf(keys, keys.length, Column[].class));
      seen.add(SpilledPart.written(file, fresh));
      return fresh;
    }
    t.close();
    table = null;
    memory.resize(0);
    workspace.trim();
    return Batch.of(0);
  }

  private void load() {
    KeyTable into = owner.newTable(true);
    table = into;
    into.beFrugal();
    long most = Math.max(waiting.mostReadBytes(), seen.mostReadBytes());
    boolean room = true;
    while (room && nextWaiting < waiting.blocks.size()) {
      workspace.query().token().check();
      SpilledPart.Block block = waiting.blocks.get(nextWaiting);
      boolean first = into.groups() == 0;
      if (!fits(most + markBytes(into.groups()), first)) {
        break;
      }
      memory.resize(block.readBytes());
      room = take(into, block.read(), most);
      memory.resize(0);
      if (room) {
        nextWaiting++;
        nextRow = 0;
      }
    }
    memory.resize(0);
    chunkRows = into.groups();
    seenBefore = seen.blocks.size();
    nextSeen = 0;
    nextOut = 0;
    memory.grow(markBytes(chunkRows) + most);
    old = new byte[chunkRows];
    hashes = new long[capacity(chunkRows)];
    ids = new int[hashes.length];
    int[] rows = groups(Batch.ROWS);
    for (int from = 0; from < chunkRows; from += Batch.ROWS) {
      int n = Math.min(Batch.ROWS, chunkRows - from);
      for (int i = 0; i < n; i++) {
        rows[i] = from + i;
      }
      note(into.keys(rows, n), from, n);
    }
  }

  /** Takes rows of a block from {@link #nextRow} on; false: there is no room for the next ones. */
  private boolean take(KeyTable into, Batch rows, long beside) {
    Column[] columns = rows.columns();
    while (nextRow < rows.count()) {
      int n = Math.min(STRIDE, rows.count() - nextRow);
      int[] at = Arrays.copyOfRange(rows.positions(), nextRow, nextRow + n);
      while (n > LEAST_ROWS && !fits(into, columns, at, n, beside, false)) {
        n >>= 1;
      }
      if (n <= LEAST_ROWS && !fits(into, columns, at, n, beside, into.groups() == 0)) {
        return false;
      }
      into.assign(columns, at, n, groups(n));
      nextRow += n;
    }
    return true;
  }

  private boolean fits(
      KeyTable into, Column[] columns, int[] at, int n, long beside, boolean needed) {
    long all = beside + markBytes((long) into.groups() + n);
    long packing = into.packingGrowth(columns, at, n);
    return (packing == 0 || fits(all + packing, needed))
        && fits(all + into.growth(columns, at, n), needed);
  }

  private boolean fits(long bytes, boolean needed) {
    if (workspace.fits(bytes) || (owner.makeRoom() && workspace.fits(bytes))) {
      return true;
    }
    if (needed) {
      workspace.require(bytes, "a block of rows that may be new");
    }
    return needed;
  }

  private void note(Column[] keys, int first, int n) {
    long[] hash = scratch(n);
    Hashes.hash(keys, Positions.identity(n), n, hash);
    long[] h = hashes;
    int[] id = ids;
    int mask = h.length - 1;
    for (int i = 0; i < n; i++) {
      int at = (int) Hashes.of(hash[i]) & mask;
      while (id[at] != 0) {
        at = at + 1 & mask;
      }
      h[at] = hash[i];
      id[at] = first + i + 1;
    }
  }

  /** Rows that were seen: marks those of the table that are equal to one of them. */
  private void pass(KeyTable t, SpilledPart.Block block) {
    Batch rows = block.read();
    int n = rows.count();
    int[] positions = rows.positions();
    long[] hash = scratch(n);
    Hashes.hash(rows.columns(), positions, n, hash);
    int[] at = new int[PAIRS];
    int[] of = new int[PAIRS];
    int pairs = 0;
    long[] h = hashes;
    int[] id = ids;
    int mask = h.length - 1;
    for (int i = 0; i < n; i++) {
      for (int k = (int) Hashes.of(hash[i]) & mask; id[k] != 0; k = k + 1 & mask) {
        if (h[k] == hash[i]) {
          at[pairs] = positions[i];
          of[pairs++] = id[k] - 1;
          if (pairs == PAIRS) {
            mark(t, rows, at, of, pairs);
            pairs = 0;
          }
        }
      }
    }
    mark(t, rows, at, of, pairs);
  }

  private void mark(KeyTable t, Batch rows, int[] at, int[] of, int pairs) {
    Column[] keys = t.keys(of, pairs);
    int[] candidates = Positions.identity(pairs);
    int n = pairs;
    int[] equal = new int[pairs];
    for (int c = 0; c < keys.length; c++) {
      n =
          Equality.narrow(
              rows.column(c), at, keys[c], Positions.identity(pairs), candidates, n, true, equal);
      candidates = equal;
    }
    for (int i = 0; i < n; i++) {
      old[of[candidates[i]]] = 1;
    }
  }

  private int[] groups(int n) {
    if (groups.length < n) {
      groups = new int[Math.max(n, Batch.ROWS)];
    }
    return groups;
  }

  private long[] scratch(int n) {
    if (scratch.length < n) {
      scratch = new long[Math.max(n, Batch.ROWS)];
    }
    return scratch;
  }

  @Override
  public void close() {
    if (table != null) {
      table.close();
      table = null;
    }
    memory.close();
  }
}
