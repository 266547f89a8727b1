package dev.penstock.buffer.spill;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** A little-endian buffer and its views by unit, made once, so that a block allocates none. */
final class Window {
  final ByteBuffer bytes;
  final LongBuffer longs;
  final IntBuffer ints;
  final DoubleBuffer doubles;

  /** Bytes; a multiple of 8. */
  final int size;

  Window(ByteBuffer buffer) {
    ByteBuffer all = buffer.order(ByteOrder.LITTLE_ENDIAN).position(0);
    this.bytes = all;
    this.longs = all.asLongBuffer();
    this.ints = all.asIntBuffer();
    this.doubles = all.asDoubleBuffer();
    this.size = buffer.capacity() & ~7;
  }
}
