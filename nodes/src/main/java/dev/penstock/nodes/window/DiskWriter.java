package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.kernel.Equality;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.rows.RowStore;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes sorted rows to blocks of a spill file, and behind the columns of each row whether it
 * begins a partition and whether it begins a group of peers.
 *
 * <p>Needs {@link #bytes} beside what is reserved already.
 */
final class DiskWriter implements AutoCloseable {
  private final WindowLayout layout;
  private final DiskBlocks blocks;
  private final int blockRows;
  private final int[] all;
  private RowStore gathered;
  private int blockBytes = DiskBlocks.LEAST_BYTES;

  /** The last row that was written; null before the first. */
  private Column @Nullable [] before;

  /**
   * @param blocks where it writes to
   */
  DiskWriter(WindowLayout layout, DiskBlocks blocks, int blockRows) {
    this.layout = layout;
    this.blocks = blocks;
    this.blockRows = blockRows;
    this.all = new int[layout.types.length];
    Arrays.setAll(all, c -> c);
    this.gathered = new RowStore(layout.types, blocks.memory);
  }

  /** Bytes that writing takes for blocks of so many bytes: the rows, copied once. */
  static long bytes(int blockBytes) {
    return 4L * blockBytes + (32 << 10);
  }

  /** Bytes that blocks have from now on, about. */
  void blockBytes(int bytes) {
    blockBytes = bytes;
  }

  /** Takes the next rows. */
  void add(Batch batch) {
    int n = batch.count();
    int step = (int) Math.max(1, Math.min(blockRows, (long) blockBytes * n / flatBytes(batch)));
    for (int from = 0; from < n; ) {
      int m = Math.min(Math.min(step, n - from), blockRows - (int) gathered.rows());
      Batch slice = batch.slice(from, from + m);
      long growth = gathered.growth(slice);
      if (!blocks.workspace.fits(growth + 2L * blockBytes) && gathered.rows() > 0) {
        writeBlock();
        growth = gathered.growth(slice);
      }
      blocks.workspace.require(growth + 2L * blockBytes, "a row of a window partition");
      gathered.append(slice);
      from += m;
      if (gathered.sizeBytes() >= blockBytes || gathered.rows() >= blockRows) {
        writeBlock();
      }
    }
  }

  private static long flatBytes(Batch batch) {
    long sum = 1;
    for (Column c : batch.columns()) {
      sum += c.flat(batch.selection(), batch.count()).sizeBytes();
    }
    return sum;
  }

  private void writeBlock() {
    blocks.token.check();
    int n = (int) gathered.rows();
    if (n == 0) {
      return;
    }
    if (blocks.rows() > Integer.MAX_VALUE - n) {
      throw PenstockException.limit(
          "too-many-rows", "a window partition can have at most 2147483647 rows; more came");
    }
    int[] ids = new int[n];
    Arrays.setAll(ids, i -> i);
    Column[] columns = Arrays.copyOf(gathered.gather(all, ids, n).columns(), all.length + 2);
    long[] partitions = Bits.ones(n);
    long[] peers = Bits.ones(n);
    mark(columns, n, partitions, peers);
    columns[all.length] = new BitColumn(DataType.BOOLEAN, partitions, null, n);
    columns[all.length + 1] = new BitColumn(DataType.BOOLEAN, peers, null, n);
    blocks.write(Batch.of(n, columns), partitions, peers);
    before = last(columns, n);
    gathered.close();
    gathered = new RowStore(layout.types, blocks.memory);
  }

  private Column[] last(Column[] columns, int n) {
    Column[] out = new Column[all.length];
    int[] at = {n - 1};
    for (int c : layout.partition) {
      out[c] = columns[c].gather(at, 1).flat(null, 1);
    }
    for (int c : layout.order) {
      out[c] = columns[c].gather(at, 1).flat(null, 1);
    }
    return out;
  }

  /** Clears the bits of rows that are as the one before. */
  private void mark(Column[] columns, int n, long[] partitions, long[] peers) {
    int[] earlier = new int[n];
    int[] at = new int[n];
    int[] candidates = new int[n];
    for (int i = 1; i < n; i++) {
      earlier[i] = i - 1;
      at[i] = i;
      candidates[i - 1] = i;
    }
    int equal = narrow(layout.partition, columns, earlier, columns, at, candidates, n - 1);
    clear(partitions, candidates, equal);
    equal = narrow(layout.order, columns, earlier, columns, at, candidates, equal);
    clear(peers, candidates, equal);
    Column[] one = before;
    if (one != null) {
      int[] first = {0};
      equal = narrow(layout.partition, one, first, columns, first, first, 1);
      clear(partitions, first, equal);
      equal = narrow(layout.order, one, first, columns, first, first, equal);
      clear(peers, first, equal);
    }
  }

  private static int narrow(
      int[] of, Column[] a, int[] aAt, Column[] b, int[] bAt, int[] candidates, int count) {
    int n = count;
    for (int c : of) {
      n = n == 0 ? 0 : Equality.narrow(a[c], aAt, b[c], bAt, candidates, n, true, candidates);
    }
    return n;
  }

  private static void clear(long[] bits, int[] at, int n) {
    for (int i = 0; i < n; i++) {
      Bits.clear(bits, at[i]);
    }
  }

  /** Ends writing. */
  void end() {
    writeBlock();
    blocks.seal();
  }

  @Override
  public void close() {
    gathered.close();
  }
}
