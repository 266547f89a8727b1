package dev.penstock.batch.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Ranges of byte arrays, eight bytes at a time. */
final class ByteRanges {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private ByteRanges() {}

  /** The eight bytes at an index, little-endian. */
  static long word(byte[] a, int at) {
    return (long) WORD.get(a, at);
  }

  /**
   * Fewer than eight bytes, little-endian, padded with zeros. Both ways of reading give the same.
   */
  static long tail(byte[] a, int at, int size) {
    if (at + 8 <= a.length) {
      return word(a, at) & ((1L << (size << 3)) - 1);
    }
    long v = 0;
    for (int i = size - 1; i >= 0; i--) {
      v = v << 8 | (a[at + i] & 0xFF);
    }
    return v;
  }

  /** Whether two ranges of one size hold the same bytes. */
  static boolean equal(byte[] a, int atA, byte[] b, int atB, int size) {
    int i = 0;
    for (; i + 8 <= size; i += 8) {
      if (word(a, atA + i) != word(b, atB + i)) {
        return false;
      }
    }
    if (i == size) {
      return true;
    }
    if (size >= 8) {
      return word(a, atA + size - 8) == word(b, atB + size - 8);
    }
    return tail(a, atA, size) == tail(b, atB, size);
  }
}
