package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Positions;
import dev.penstock.batch.kernel.Hashes;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.KeyTable;
import dev.penstock.nodes.table.Partitions;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of group and value of one distinct input on disk, by the hash of the value: for few groups
 * with so many values that dividing the groups does not help. The groups stay in their state, and
 * keep their numbers.
 *
 * <pre>
 * pairs -> partitions by value -> each: different pairs -> accumulators of their groups
 *                                       (what does not fit is divided again)
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class PairSpill implements AutoCloseable {
  private static final int STRIDE = 2048;

  private final Workspace workspace;
  private final InputState input;
  private final int level;
  private final BooleanSupplier makeRoom;
  private final SpillFile file;
  private final Reservation reading;
  private final long[][] blocks = new long[Partitions.COUNT][0];
  private final int[] counts = new int[Partitions.COUNT];

  /**
   * @param makeRoom moves the values of lists out of memory; false if there were none
   */
  PairSpill(Workspace workspace, InputState input, int level, BooleanSupplier makeRoom) {
    this.makeRoom = makeRoom;
    this.workspace = workspace;
    this.input = input;
    this.level = level;
    this.file = workspace.newFile();
    this.reading = workspace.query().budget().open("group (pairs)");
  }

  /** Moves all pairs of the input to partitions. */
  void take() {
    KeyTable pairs = input.pairs();
    int n = pairs.groups();
    byte[] labels = new byte[n];
    int[] numbers = new int[STRIDE];
    long[] hashes = new long[STRIDE];
    for (int from = 0; from < n; from += STRIDE) {
      workspace.query().token().check();
      int count = Math.min(STRIDE, n - from);
      for (int i = 0; i < count; i++) {
        numbers[i] = from + i;
      }
      FlatColumn[] columns = pairs.keys(numbers, count);
      Hashes.hash(valuesOf(columns), null, count, hashes);
      for (int i = 0; i < count; i++) {
        labels[from + i] = (byte) Partitions.of(hashes[i], level);
      }
    }
    int[] starts = new int[Partitions.COUNT + 1];
    int[] order = GroupSpill.sort(labels, n, starts);
    int rows = GroupSpill.rowsOfBlock(pairs.heldBytes() / Math.max(1, n));
    for (int p = 0; p < Partitions.COUNT; p++) {
      for (int from = starts[p]; from < starts[p + 1]; from += rows) {
        int count = Math.min(rows, starts[p + 1] - from);
        int[] some = Arrays.copyOfRange(order, from, from + count);
        if (counts[p] == blocks[p].length) {
          blocks[p] = Arrays.copyOf(blocks[p], Math.max(8, 2 * counts[p]));
        }
        blocks[p][counts[p]++] = file.write(Batch.of(count, pairs.keys(some, count)));
      }
    }
    input.clearPairs();
    workspace.trim();
  }

  private static Column[] valuesOf(Column[] pair) {
    return Arrays.copyOfRange(pair, 1, pair.length);
  }

  /** Feeds each different pair to the accumulators; the input has no pairs left then. */
  void settle(int groupCount) {
    file.seal();
    for (int p = 0; p < Partitions.COUNT; p++) {
      if (counts[p] > 0) {
        settle(p, groupCount);
      }
    }
  }

  private void settle(int partition, int groupCount) {
    PairSpill deeper = null;
    try {
      for (int b = 0; b < counts[partition]; b++) {
        long bytes = file.readBytes(blocks[partition][b]);
        if (!workspace.fits(bytes) && !(makeRoom.getAsBoolean() && workspace.fits(bytes))) {
          deeper = divided(deeper);
          workspace.require(bytes, "a block of spilled values");
        }
        reading.grow(bytes);
        Batch block = file.read(blocks[partition][b]);
        deeper = add(block, deeper);
        reading.shrink(bytes);
      }
      if (deeper == null
          && !workspace.fits(input.settleGrowth(groupCount))
          && !(makeRoom.getAsBoolean() && workspace.fits(input.settleGrowth(groupCount)))) {
        deeper = divided(null);
      }
      if (deeper != null) {
        deeper.take();
        deeper.settle(groupCount);
      } else {
        workspace.require(input.settleGrowth(groupCount), GroupFill.ONE_GROUP);
        input.feedPairs(groupCount);
        input.clearPairs();
        // What comes next needs the room of the lists.
        if (!workspace.fits(file.rawBytes() / Partitions.COUNT) && makeRoom.getAsBoolean()) {
          workspace.trim();
        }
      }
    } finally {
      if (deeper != null) {
        deeper.close();
      }
    }
  }

  /** Adds the pairs of a block to those of the input. */
  private @Nullable PairSpill add(Batch block, @Nullable PairSpill open) {
    PairSpill deeper = open;
    int n = block.count();
    Column[] columns = block.columns();
    int[] positions = Positions.identity(n);
    KeyTable pairs = input.pairs();
    if (!fits(pairs, columns, positions, n)
        && !(makeRoom.getAsBoolean() && fits(pairs, columns, positions, n))) {
      deeper = divided(deeper);
      pairs = input.pairs();
      if (!fits(pairs, columns, positions, n) && n > 1) {
        deeper = add(block.slice(0, n / 2).compact(), deeper);
        return add(block.slice(n / 2, n).compact(), deeper);
      }
      workspace.require(
          pairs.growth(columns, positions, n) + GroupSpill.orderBytes(pairs.groups() + n),
          GroupFill.ONE_GROUP);
    }
    pairs.assign(columns, positions, n, new int[n]);
    return deeper;
  }

  private boolean fits(KeyTable pairs, Column[] columns, int[] positions, int n) {
    long packing = pairs.packingGrowth(columns, positions, n);
    if (packing > 0 && !workspace.fits(packing)) {
      return false;
    }
    // Room for their order by partition is never taken by anything else: see take.
    return workspace.fits(
        pairs.growth(columns, positions, n) + GroupSpill.orderBytes(pairs.groups() + n));
  }

  private @Nullable PairSpill divided(@Nullable PairSpill open) {
    if (level + 1 == Partitions.LEVELS || (open == null && input.pairs().groups() < 2)) {
      return open;
    }
    PairSpill deeper = open == null ? new PairSpill(workspace, input, level + 1, makeRoom) : open;
    deeper.take();
    return deeper;
  }

  @Override
  public void close() {
    reading.close();
    file.close();
  }
}
