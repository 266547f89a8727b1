package dev.penstock.sparql.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes that are written from front to end, then read as {@link Bytes}. One thread. */
public abstract class Sink implements AutoCloseable {
  private final ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

  /** How many bytes were written. */
  public abstract long position();

  public abstract void write(byte[] from, int at, int bytes);

  /** Reads what was written. */
  public abstract void copy(long at, byte[] to, int bytes);

  public final void writeLong(long v) {
    word.putLong(0, v);
    write(word.array(), 0, 8);
  }

  /** Zeros until the position is a multiple of 8. */
  public final void align() {
    zeros((int) (-position() & 7));
  }

  /** Zeros until so many bytes lie in one piece when they are written next. */
  public final void fit(int bytes) {
    int left = (int) (Bytes.PIECE - (position() & (Bytes.PIECE - 1)));
    if (bytes > left) {
      zeros(left);
    }
  }

  private void zeros(int n) {
    byte[] none = new byte[Math.min(n, 4096)];
    for (int done = 0; done < n; done += none.length) {
      write(none, 0, Math.min(none.length, n - done));
    }
  }

  /**
   * The end.
   *
   * @param fields figures that come with the bytes, at most {@link FileFormat#FIELDS}
   */
  public abstract Bytes finish(long... fields);

  /** Gives up what was not finished. */
  @Override
  public abstract void close();
}
