package dev.penstock.sparql.page;

import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of longs, zero at first: on the heap if the budget has room beside as much again,
 * else in a mapped file whose room is free when nobody knows this any more. One thread.
 */
public final class ScratchLongs implements AutoCloseable {
  private static final int PIECE_SHIFT = 18;
  private static final int WINDOW_SHIFT = 30;

  private final @Nullable Reservation memory;
  private final long heapBytes;
  private final long bytes;
  private final ByteBuffer[] pieces;
  private final int shift;
  private final int mask;

  /**
   * @param file for what does not fit memory; it must not be there
   */
  public ScratchLongs(long count, Path file, Reservation memory) {
    this.bytes = 8 * Math.max(1, count);
    this.memory = memory;
    // the other half is for what grows meanwhile, for example the double of this
    boolean heap = memory.tryGrow(2 * bytes);
    if (heap) {
      memory.shrink(bytes);
    }
    this.heapBytes = heap ? bytes : 0;
    this.shift = heap ? PIECE_SHIFT : WINDOW_SHIFT;
    this.mask = (1 << shift) - 1;
    this.pieces = heap ? heap(bytes) : mapped(file, bytes);
  }

  /**
   * In a mapped file in any case.
   *
   * @param file must not be there
   */
  public ScratchLongs(long count, Path file) {
    this.bytes = 8 * Math.max(1, count);
    this.memory = null;
    this.heapBytes = 0;
    this.shift = WINDOW_SHIFT;
    this.mask = (1 << shift) - 1;
    this.pieces = mapped(file, bytes);
  }

  /** What it takes, on the heap or in a file. */
  long bytes() {
    return bytes;
  }

  private static ByteBuffer[] heap(long bytes) {
    ByteBuffer[] out = new ByteBuffer[(int) ((bytes + (1 << PIECE_SHIFT) - 1) >>> PIECE_SHIFT)];
    for (int k = 0; k < out.length; k++) {
      int n = (int) Math.min(1 << PIECE_SHIFT, bytes - ((long) k << PIECE_SHIFT));
      out[k] = ByteBuffer.allocate(n).order(ByteOrder.LITTLE_ENDIAN);
    }
    return out;
  }

  /**
   * Windows of 2^30 bytes of a new file. Zeros are written first: a full disk is an error then, and
   * no fault of a mapped page.
   */
  static ByteBuffer[] mapped(Path file, long bytes) {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      try {
        ByteBuffer zeros = ByteBuffer.allocate(1 << PIECE_SHIFT);
        for (long at = 0; at < bytes; at += zeros.limit()) {
          CancellationToken.checkCurrent();
          zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
          for (long place = at; zeros.hasRemaining(); ) {
            place += channel.write(zeros, place);
          }
        }
        ByteBuffer[] out = new ByteBuffer[(int) ((bytes - 1) >>> WINDOW_SHIFT) + 1];
        for (int k = 0; k < out.length; k++) {
          long from = (long) k << WINDOW_SHIFT;
          out[k] =
              channel
                  .map(MapMode.READ_WRITE, from, Math.min(1L << WINDOW_SHIFT, bytes - from))
                  .order(ByteOrder.LITTLE_ENDIAN);
        }
        return out;
      } finally {
        Files.deleteIfExists(file); // the mapping keeps it
      }
    } catch (IOException e) {
      throw PenstockException.io("store-write", "cannot write " + file + ": " + e, e);
    }
  }

  public long get(long i) {
    long at = 8 * i;
    return pieces[(int) (at >>> shift)].getLong((int) at & mask);
  }

  public void set(long i, long v) {
    long at = 8 * i;
    pieces[(int) (at >>> shift)].putLong((int) at & mask, v);
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.shrink(heapBytes);
    }
  }
}
