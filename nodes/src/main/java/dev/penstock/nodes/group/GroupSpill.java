package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.ObjectBytes;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.rows.RowStore;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.KeyTable;
import dev.penstock.nodes.table.Partitions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link GroupFill} has on disk: blocks by partition of their keys' hash, in the order of
 * writing.
 *
 * <pre>
 * states  keys, columns of the first row, counts, and for each input nulls and saved accumulators
 * pairs   keys and different values of a distinct input
 * items   keys and values of a list: one for each value
 * rows    evaluated rows (RowExprs)
 * </pre>
 *
 * <p>Groups of a state are written with its order by partition; rows wait in a store until it is
 * large enough.
 *
 * <p>Concurrency: one thread writes; then several read, each partition by one of them.
 */
final class GroupSpill implements AutoCloseable {
  /** Bytes that a block has, about; and that are reserved for making one. */
  private static final int BLOCK = 1 << 16;

  private static final int STRIDE = 2048;

  /** Label, and place in the order, of a waiting row. */
  private static final long ORDER_BYTES = 8;

  private static final long MOST_ROW_BYTES = (long) Partitions.COUNT * BLOCK;

  /** What is in a block: 0 states, 1 rows, else pairs or items of an input. */
  record Content(int code) {
    private static final int INPUT_BITS = 12;

    static final Content STATES = new Content(0);
    static final Content ROWS = new Content(1);

    /**
     * @param accumulator -1 for the pairs
     */
    static Content of(int input, int accumulator) {
      return new Content(2 + (accumulator + 1 << INPUT_BITS | input));
    }

    boolean isRows() {
      return code == 1;
    }

    Piece piece(GroupPlan plan, Batch block) {
      if (code == 0) {
        return new Piece.SavedStates(plan, block);
      }
      int input = code - 2 & (1 << INPUT_BITS) - 1;
      int accumulator = (code - 2 >>> INPUT_BITS) - 1;
      return accumulator < 0
          ? new Piece.SavedPairs(plan, input, block)
          : new Piece.SavedItems(plan, input, accumulator, block);
    }
  }

  private final GroupPlan plan;
  private final Workspace workspace;
  private final int level;
  private final SpillFile file;
  private final Reservation store;

  /** By partition: content code and handle of each block, in turn. */
  private final long[][] blocks = new long[Partitions.COUNT][];

  private final int[] counts = new int[Partitions.COUNT];
  private @Nullable RowStore waiting;
  private byte[] labels = {};
  private int waitingRows;
  private long[] hashes = new long[STRIDE];

  GroupSpill(GroupPlan plan, Workspace workspace, int level) {
    this.plan = plan;
    this.workspace = workspace;
    this.level = level;
    this.file = workspace.newFile();
    this.store = workspace.query().budget().open("group (rows)");
    Arrays.fill(blocks, new long[0]);
  }

  /** Bytes for bringing so many groups, or pairs, into the order of their partitions. */
  static long orderBytes(int items) {
    return 5L * items;
  }

  /** Bytes that writing needs beside. */
  static long scratchBytes() {
    return 2L * BLOCK + 32L * STRIDE;
  }

  SpillFile file() {
    return file;
  }

  boolean isEmpty(int partition) {
    return counts[partition] == 0;
  }

  /** Feeds the blocks of a partition, in the order of writing. */
  void feed(int partition, GroupFill to) {
    long[] of = blocks[partition];
    for (int b = 0; b < counts[partition]; b++) {
      to.take(file, new Content((int) of[2 * b]), of[2 * b + 1]);
    }
  }

  private void write(int partition, Content content, Batch block) {
    int n = counts[partition];
    if (2 * n == blocks[partition].length) {
      blocks[partition] = Arrays.copyOf(blocks[partition], Math.max(8, 4 * n));
    }
    blocks[partition][2 * n] = content.code();
    blocks[partition][2 * n + 1] = file.write(block);
    counts[partition] = n + 1;
  }

  // ------------------------------------------------------------------ states

  /** Writes all groups of a state; it may be closed then. */
  void write(GroupState state) {
    int n = state.groups();
    byte[] of = new byte[n];
    int[] numbers = new int[STRIDE];
    for (int from = 0; from < n; from += STRIDE) {
      workspace.query().token().check();
      int count = ascending(from, n, numbers);
      label(state.table(), numbers, count, of, from);
    }
    int[] starts = new int[Partitions.COUNT + 1];
    int[] order = sort(of, n, starts);
    int rows = rowsOfBlock(state.heldBytes() / Math.max(1, n));
    for (int p = 0; p < Partitions.COUNT; p++) {
      for (int from = starts[p]; from < starts[p + 1]; from += rows) {
        int count = Math.min(rows, starts[p + 1] - from);
        write(p, Content.STATES, state.save(Arrays.copyOfRange(order, from, from + count), count));
      }
    }
    for (int i = 0; i < plan.inputs.size(); i++) {
      InputState input = state.input(i);
      if (input.pairs() != null) {
        writePairs(state, i, input.pairs());
        continue;
      }
      for (int a = 0; a < plan.inputs.get(i).accumulators().size(); a++) {
        if (input.accumulator(a) instanceof Listed list) {
          for (int p = 0; p < Partitions.COUNT; p++) {
            writeItems(state, list, Content.of(i, a), p, order, starts);
          }
        }
      }
    }
  }

  /** How many rows of so many bytes make a block. */
  static int rowsOfBlock(long rowBytes) {
    return (int) Math.max(1, Math.min(STRIDE, BLOCK / Math.max(1, rowBytes)));
  }

  private static int ascending(int from, int end, int[] out) {
    int count = Math.min(STRIDE, end - from);
    for (int i = 0; i < count; i++) {
      out[i] = from + i;
    }
    return count;
  }

  private void label(KeyTable table, int[] of, int count, byte[] out, int at) {
    table.hashes(of, count, hashes);
    for (int i = 0; i < count; i++) {
      out[at + i] = (byte) Partitions.of(hashes[i], level);
    }
  }

  /** Numbers 0 until n in the order of their labels. */
  static int[] sort(byte[] of, int n, int[] starts) {
    for (int i = 0; i < n; i++) {
      starts[of[i] + 1]++;
    }
    for (int p = 0; p < Partitions.COUNT; p++) {
      starts[p + 1] += starts[p];
    }
    int[] next = starts.clone();
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[next[of[i]]++] = i;
    }
    return order;
  }

  private void writePairs(GroupState state, int input, KeyTable pairs) {
    int n = pairs.groups();
    byte[] of = new byte[n];
    int[] numbers = new int[STRIDE];
    for (int from = 0; from < n; from += STRIDE) {
      workspace.query().token().check();
      int count = ascending(from, n, numbers);
      label(state.table(), groupsOf(pairs.keys(numbers, count)), count, of, from);
    }
    int[] starts = new int[Partitions.COUNT + 1];
    int[] order = sort(of, n, starts);
    int rows = rowsOfBlock(pairs.heldBytes() / Math.max(1, n) + 8L * plan.tableTypes.length);
    for (int p = 0; p < Partitions.COUNT; p++) {
      for (int from = starts[p]; from < starts[p + 1]; from += rows) {
        int count = Math.min(rows, starts[p + 1] - from);
        FlatColumn[] columns = pairs.keys(Arrays.copyOfRange(order, from, from + count), count);
        FlatColumn[] values = Arrays.copyOfRange(columns, 1, columns.length);
        write(p, Content.of(input, -1), with(state, groupsOf(columns), values, count));
      }
    }
  }

  private static int[] groupsOf(FlatColumn[] pairs) {
    return ((IntColumn) pairs[0]).values();
  }

  private static Batch with(GroupState state, int[] groups, FlatColumn[] values, int count) {
    FlatColumn[] keys = state.table().keys(groups, count);
    Column[] out = Arrays.copyOf(keys, keys.length + values.length, Column[].class);
    System.arraycopy(values, 0, out, keys.length, values.length);
    return Batch.of(count, out);
  }

  private void writeItems(
      GroupState state, Listed list, Content content, int p, int[] order, int[] starts) {
    int[] groups = new int[STRIDE];
    int[] items = new int[STRIDE];
    int n = 0;
    long bytes = 0;
    for (int k = starts[p]; k < starts[p + 1]; k++) {
      for (int item = list.first(order[k]); item >= 0; item = list.next(item)) {
        if (n == STRIDE || (n > 0 && bytes + list.itemBytes(item) > BLOCK)) {
          workspace.query().token().check();
          write(p, content, with(state, groups, list.saveItems(items, n), n));
          n = 0;
          bytes = 0;
        }
        groups[n] = order[k];
        items[n++] = item;
        bytes += list.itemBytes(item);
      }
    }
    if (n > 0) {
      write(p, content, with(state, groups, list.saveItems(items, n), n));
    }
  }

  // ------------------------------------------------------------------ rows

  /** Adds evaluated rows, at most 2048. */
  void add(Batch batch) {
    Batch rows = flat(batch);
    int n = rows.count();
    if (waiting != null && waiting.sizeBytes() > MOST_ROW_BYTES) {
      flush();
    }
    if (!workspace.fits(growth(rows))) {
      flush();
      if (!workspace.fits(growth(rows))) {
        if (n > 1) {
          add(rows.slice(0, n / 2));
          add(rows.slice(n / 2, n));
          return;
        }
        workspace.require(growth(rows), "a row");
      }
    }
    RowStore to = waiting;
    if (to == null) {
      to = new RowStore(plan.spilledTypes, store);
      waiting = to;
    }
    store.grow(ORDER_BYTES * n);
    Column[] keys = Arrays.copyOf(rows.columns(), plan.tableTypes.length);
    Hashes.hash(keys, null, n, hashes);
    if (labels.length < waitingRows + n) {
      labels = Arrays.copyOf(labels, Math.max(STRIDE, 2 * (waitingRows + n)));
    }
    for (int i = 0; i < n; i++) {
      labels[waitingRows + i] = (byte) Partitions.of(hashes[i], level);
    }
    to.append(rows);
    waitingRows += n;
  }

  private static Batch flat(Batch batch) {
    Column[] out = new Column[batch.columns().length];
    for (int c = 0; c < out.length; c++) {
      Column column = batch.column(c);
      out[c] =
          column instanceof FlatColumn && batch.selection() == null
              ? column
              : column
                  .flat(batch.selection(), batch.count())
                  .gather(batch.positions(), batch.count());
    }
    return Batch.of(batch.count(), out);
  }

  /** Bytes that the store, and the order of its rows, grow by at most. */
  private long growth(Batch rows) {
    int n = rows.count();
    int all = waitingRows + n;
    long capacity =
        all <= RowStore.SEGMENT_ROWS
            ? 2L * Math.max(16, Integer.highestOneBit(Math.max(1, all - 1)) << 1)
            : RowStore.SEGMENT_ROWS * (waitingRows < RowStore.SEGMENT_ROWS ? 3L : 1);
    long held = waiting == null ? 0 : waiting.sizeBytes();
    long sum = ORDER_BYTES * n;
    for (Column c : rows.columns()) {
      sum +=
          128
              + capacity
                  * switch (c.type().layout()) {
                    case BITS -> 1;
                    case INTS -> 5;
                    case LONGS, DOUBLES, BYTES -> 9;
                    case PAIRS, OBJECTS -> 17;
                  };
      if (c instanceof ObjectColumn o) {
        sum += ObjectBytes.of(o.values(), rows.positions(), 0, n);
      }
      if (c instanceof BytesColumn b) {
        long bytes = (long) b.offsets()[n] - b.offsets()[0];
        sum += 2 * bytes + Math.min(1 << 18, 4 * (held + bytes) + 2048);
      }
    }
    return sum;
  }

  /** Writes the rows that wait. */
  void flush() {
    RowStore from = waiting;
    if (from == null) {
      return;
    }
    int[] starts = new int[Partitions.COUNT + 1];
    int[] order = sort(labels, waitingRows, starts);
    int rows = rowsOfBlock(from.sizeBytes() / Math.max(1, waitingRows));
    int[] ordinals = NewRows.ordinals(plan.spilledTypes.length);
    for (int p = 0; p < Partitions.COUNT; p++) {
      for (int k = starts[p]; k < starts[p + 1]; k += rows) {
        workspace.query().token().check();
        int count = Math.min(rows, starts[p + 1] - k);
        int[] ids = Arrays.copyOfRange(order, k, k + count);
        write(p, Content.ROWS, from.gather(ordinals, ids, count));
      }
    }
    from.close();
    store.shrink(store.heldBytes());
    waiting = null;
    waitingRows = 0;
  }

  /** Ends writing. */
  void seal() {
    flush();
    file.seal();
    workspace.trim();
  }

  @Override
  public void close() {
    if (waiting != null) {
      waiting.close();
      waiting = null;
    }
    store.close();
    file.close();
  }
}
