package dev.penstock.sources.parquet;

import dev.penstock.monitor.PenstockException;
import java.util.Arrays;

/** A byte array that grows as it is written. It has 8 spare bytes behind its end. */
final class GrowingBytes {
  byte[] bytes = new byte[1024];
  int size;

  /** Room for n more bytes; the offset at which they begin. They count as written. */
  int extend(int n) {
    long wanted = (long) size + n + 8;
    if (wanted > Integer.MAX_VALUE - 64) {
      throw PenstockException.limit(
          "parquet-row-group",
          "one column of a row group holds more than 2 GiB; write smaller row groups");
    }
    if (wanted > bytes.length) {
      long bigger = Math.max(wanted, bytes.length + (long) (bytes.length >> 1));
      bytes = Arrays.copyOf(bytes, (int) Math.min(bigger, Integer.MAX_VALUE - 64));
    }
    int at = size;
    size += n;
    return at;
  }

  void put(byte[] from, int start, int n) {
    int at = extend(n);
    System.arraycopy(from, start, bytes, at, n);
  }

  void putByte(int v) {
    int at = extend(1);
    bytes[at] = (byte) v;
  }

  void putInt(int v) {
    int at = extend(4);
    LittleEndian.putInt(bytes, at, v);
  }

  void putLong(long v) {
    int at = extend(8);
    LittleEndian.putLong(bytes, at, v);
  }

  void putVarint(int v) {
    int left = v;
    while ((left & ~0x7F) != 0) {
      putByte(left & 0x7F | 0x80);
      left >>>= 7;
    }
    putByte(left);
  }

  /** Empties it and gives up its capacity. */
  void giveBack() {
    bytes = new byte[1024];
    size = 0;
  }

  void clear() {
    size = 0;
  }
}
