package dev.penstock.sparql.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Bytes by place, little endian, in pieces: of the heap, or windows of a mapped file whose pages
 * are checked when they are first read. Reading a page that changed since it was written throws IO
 * {@code store-corrupt}.
 *
 * <p>Concurrency: immutable but for the marks of checked pages; any thread.
 */
public final class Bytes {
  /** What is to be read by {@link #piece} never crosses a multiple of this. */
  static final int PIECE = 1 << 18;

  /** No bytes, and no fields. */
  public static final Bytes NONE = new Bytes(new ByteBuffer[0], 18, 0, new long[0], null);

  private final ByteBuffer[] pieces;
  private final int shift;
  private final long mask;
  private final long size;
  private final long[] fields;
  private final @Nullable Checks checks;

  /**
   * @param shift each piece but the last has 2^shift bytes
   */
  Bytes(ByteBuffer[] pieces, int shift, long size, long[] fields, @Nullable Checks checks) {
    for (ByteBuffer piece : pieces) {
      piece.order(ByteOrder.LITTLE_ENDIAN);
    }
    this.pieces = pieces;
    this.shift = shift;
    this.mask = (1L << shift) - 1;
    this.size = size;
    this.fields = fields;
    this.checks = checks;
  }

  public long size() {
    return size;
  }

  /** One of the figures that the writer gave at the end; 0 when there is none. */
  public long field(int k) {
    return k < fields.length ? fields[k] : 0;
  }

  /** The piece that holds some bytes, which were written so that they lie in one. */
  public ByteBuffer piece(long at, int bytes) {
    Checks c = checks;
    if (c != null) {
      c.check(at, bytes);
    }
    return pieces[(int) (at >>> shift)];
  }

  /** Where in {@link #piece} they begin. */
  public int place(long at) {
    return (int) (at & mask);
  }

  /** Of a place that is a multiple of 8. */
  public long getLong(long at) {
    return piece(at, 8).getLong(place(at));
  }

  /** Copies bytes that may lie in several pieces. */
  public void copy(long at, byte[] to, int bytes) {
    if (at < 0 || at + bytes > size) {
      throw new IndexOutOfBoundsException(at + " and " + bytes + " of " + size + " bytes");
    }
    for (int done = 0; done < bytes; ) {
      int place = place(at + done);
      int n = (int) Math.min(bytes - done, mask + 1 - place);
      piece(at + done, n).get(place, to, done, n);
      done += n;
    }
  }

  /** Copies bytes at the end of a sink. */
  void copyTo(Sink to) {
    byte[] part = new byte[8192];
    for (long at = 0; at < size; at += part.length) {
      int n = (int) Math.min(part.length, size - at);
      copy(at, part, n);
      to.write(part, 0, n);
    }
  }
}
