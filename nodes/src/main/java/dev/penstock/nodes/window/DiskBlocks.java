package dev.penstock.nodes.window;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.Longs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of sorted rows in a file, and an index of them in memory (20 bytes a block): which rows
 * they hold, and where the next partition and the next peers begin. The blocks that were read last
 * are kept.
 *
 * <p>Not thread-safe.
 */
final class DiskBlocks implements AutoCloseable {
  static final int LEAST_BYTES = 1 << 14;
  private static final int MOST_BYTES = 1 << 16;
  private static final int LEAST_READ_BYTES = 1 << 17;

  final Workspace workspace;
  final Reservation memory;
  final CancellationToken token;
  private final SpillFile file;
  private final int cached;
  private final int atHand;
  private final Ints starts;
  private final Longs handles;

  /** The first row of the block or of one behind it that begins a partition, or peers. */
  private final Ints partitions;

  private final Ints peers;
  private int count;
  private int rows;
  private long widestBytes;
  private long held;

  // The blocks at hand, the one that was used last first.
  private int[] numbers = {};
  private @Nullable Batch[] batches = {};

  /**
   * @param cached how many blocks are kept
   * @param atHand how many blocks, or columns of them, are in memory at once
   */
  DiskBlocks(Workspace workspace, Reservation memory, int cached, int atHand) {
    this.cached = cached;
    this.atHand = atHand;
    this.workspace = workspace;
    this.memory = memory;
    this.token = workspace.query().token();
    this.starts = new Ints(memory);
    this.handles = new Longs(memory);
    this.partitions = new Ints(memory);
    this.peers = new Ints(memory);
    this.file = workspace.newFile();
  }

  int rows() {
    return rows;
  }

  void write(Batch block, long[] partitionBits, long[] peerBits) {
    int b = count;
    starts.ensure(b + 1);
    handles.ensure(b + 1);
    partitions.ensure(b + 1);
    peers.ensure(b + 1);
    starts.set(b, rows);
    partitions.set(b, first(partitionBits, block.count()));
    peers.set(b, first(peerBits, block.count()));
    long handle = file.write(block);
    handles.set(b, handle);
    widestBytes = Math.max(widestBytes, file.readBytes(handle));
    rows += block.count();
    count++;
  }

  /** The row of the first bit, or -1. */
  private int first(long[] bits, int n) {
    for (int w = 0; w < Bits.words(n); w++) {
      if (bits[w] != 0) {
        return rows + (w << 6) + Long.numberOfTrailingZeros(bits[w]);
      }
    }
    return -1;
  }

  /** No more blocks. */
  void seal() {
    file.seal();
    int partition = rows;
    int peer = rows;
    for (int b = count - 1; b >= 0; b--) {
      partition = partitions.get(b) < 0 ? partition : partitions.get(b);
      peer = peers.get(b) < 0 ? peer : peers.get(b);
      partitions.set(b, partition);
      peers.set(b, peer);
    }
  }

  /** A size of blocks with which all that are at hand have room in the least memory. */
  int leastBytes() {
    return Math.max(1 << 11, Math.min(LEAST_BYTES, LEAST_READ_BYTES / atHand));
  }

  /** Reserves what reading will take, for blocks as large as there is memory for; their size. */
  int reserve() {
    for (int bytes = MOST_BYTES; bytes > leastBytes(); bytes /= 2) {
      long reading = (long) atHand * (bytes + bytes / 4);
      if (workspace.fits(reading + DiskWriter.bytes(bytes))) {
        memory.grow(reading);
        held = reading;
        return bytes;
      }
    }
    return leastBytes();
  }

  /** Takes the memory for reading. */
  void open() {
    long more = atHand * widestBytes - held;
    if (more > 0) {
      workspace.require(more, "reading a window partition");
      memory.grow(more);
      held += more;
    }
    numbers = new int[cached];
    Arrays.fill(numbers, -1);
    batches = new Batch[cached];
  }

  /** The block that a row is in. */
  int of(int row) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts.get(middle) <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  int count() {
    return count;
  }

  int start(int block) {
    return starts.get(block);
  }

  int end(int block) {
    return block + 1 == count ? rows : starts.get(block + 1);
  }

  /** The rows of a block, with their bits behind. */
  Batch get(int block) {
    int k = 0;
    while (k + 1 < numbers.length && numbers[k] != block) {
      k++;
    }
    Batch batch = numbers[k] == block ? batches[k] : null;
    System.arraycopy(numbers, 0, numbers, 1, k);
    System.arraycopy(batches, 0, batches, 1, k);
    batches[0] = null; // one less while the other is read
    if (batch == null) {
      token.check();
      batch = file.read(handles.get(block));
    }
    numbers[0] = block;
    batches[0] = batch;
    return batch;
  }

  /** The first row from here on that begins a partition; the number of rows if there is none. */
  int nextPartition(int row) {
    return next(row, partitions, 2);
  }

  int nextPeers(int row) {
    return next(row, peers, 1);
  }

  private int next(int row, Ints firsts, int columnFromEnd) {
    if (row >= rows) {
      return rows;
    }
    int b = of(row);
    int first = firsts.get(b);
    if (first >= row) {
      return first;
    }
    Batch block = get(b);
    BitColumn column = (BitColumn) block.column(block.columns().length - columnFromEnd);
    long[] bits = column.words();
    int from = row - start(b);
    int w = from >> 6;
    long word = bits[w] & -1L << from;
    int words = Bits.words(block.count());
    while (word == 0 && ++w < words) {
      word = bits[w];
    }
    int at = word == 0 ? block.count() : (w << 6) + Long.numberOfTrailingZeros(word);
    return at < block.count() ? start(b) + at : b + 1 == count ? rows : firsts.get(b + 1);
  }

  /** The last row up to this one that begins peers. */
  int peersStart(int row) {
    for (int b = of(row); ; b--) {
      Batch block = get(b);
      BitColumn bits = (BitColumn) block.column(block.columns().length - 1);
      for (int i = Math.min(row, end(b) - 1) - start(b); i >= 0; i--) {
        if (bits.get(i)) {
          return start(b) + i;
        }
      }
    }
  }

  @Override
  public void close() {
    Arrays.fill(batches, null);
    memory.shrink(held);
    held = 0;
    starts.clear();
    handles.clear();
    partitions.clear();
    peers.clear();
    file.close();
  }
}
