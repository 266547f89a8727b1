package dev.penstock.sparql.page;

import dev.penstock.monitor.Reservation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes on the heap: pieces of 256 KB, reserved before they are made. */
public final class HeapSink extends Sink {
  private static final int FIRST = 1024;

  private final Reservation memory;
  private final List<byte[]> pieces = new ArrayList<>();
  private long size;
  private long taken;
  private boolean finished;

  /**
   * @param memory takes what the bytes need, and keeps it when they are finished
   */
  public HeapSink(Reservation memory) {
    this.memory = memory;
  }

  @Override
  public long position() {
    return size;
  }

  private void take(long bytes) {
    memory.grow(bytes);
    taken += bytes;
  }

  @Override
  public void write(byte[] from, int at, int bytes) {
    for (int done = 0; done < bytes; ) {
      int place = (int) (size & (Bytes.PIECE - 1));
      int number = (int) (size / Bytes.PIECE);
      int n = Math.min(bytes - done, Bytes.PIECE - place);
      byte[] piece = room(number, place + n);
      System.arraycopy(from, at + done, piece, place, n);
      size += n;
      done += n;
    }
  }

  private byte[] room(int number, int bytes) {
    if (number == pieces.size()) {
      int first = number == 0 ? Math.max(FIRST, Integer.highestOneBit(2 * bytes - 1)) : Bytes.PIECE;
      take(first);
      pieces.add(new byte[first]);
    }
    byte[] piece = pieces.get(number);
    if (bytes > piece.length) {
      int more = Math.min(Bytes.PIECE, Integer.highestOneBit(2 * bytes - 1));
      take(more);
      byte[] grown = Arrays.copyOf(piece, more);
      give(piece.length);
      pieces.set(number, piece = grown);
    }
    return piece;
  }

  private void give(long bytes) {
    memory.shrink(bytes);
    taken -= bytes;
  }

  @Override
  public void copy(long at, byte[] to, int bytes) {
    for (int done = 0; done < bytes; ) {
      int place = (int) ((at + done) & (Bytes.PIECE - 1));
      int n = Math.min(bytes - done, Bytes.PIECE - place);
      System.arraycopy(pieces.get((int) ((at + done) / Bytes.PIECE)), place, to, done, n);
      done += n;
    }
  }

  /** What the bytes hold of the reservation. */
  public long takenBytes() {
    return taken;
  }

  @Override
  public Bytes finish(long... fields) {
    if (!pieces.isEmpty()) {
      int last = pieces.size() - 1;
      byte[] piece = pieces.get(last);
      int used = (int) (size - (long) last * Bytes.PIECE);
      if (used < piece.length / 2) {
        take(used);
        pieces.set(last, Arrays.copyOf(piece, used));
        give(piece.length);
      }
    }
    finished = true;
    return new Bytes(
        pieces.stream().map(ByteBuffer::wrap).toArray(ByteBuffer[]::new),
        Long.numberOfTrailingZeros(Bytes.PIECE),
        size,
        fields.clone(),
        null);
  }

  @Override
  public void close() {
    if (!finished) {
      pieces.clear();
      give(taken);
    }
  }
}
