package dev.penstock.buffer.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** A little-endian buffer and its views by unit, made once, so that a block allocates none. */
public final class Window {
  public final ByteBuffer bytes;
  public final LongBuffer longs;
  public final IntBuffer ints;
  public final DoubleBuffer doubles;

  /** Bytes; a multiple of 8. */
  public final int size;

  /** Over the whole buffer, which from now on belongs to the window. */
  public Window(ByteBuffer buffer) {
    ByteBuffer all = buffer.order(ByteOrder.LITTLE_ENDIAN).position(0);
    this.bytes = all;
    this.longs = all.asLongBuffer();
    this.ints = all.asIntBuffer();
    this.doubles = all.asDoubleBuffer();
    this.size = buffer.capacity() & ~7;
  }
}
