package dev.penstock.sources.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Searches over bytes, eight at a time. */
public final class ByteScan {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;
  private static final long LOWS = 0x7F7F_7F7F_7F7F_7F7FL;

  private ByteScan() {}

  /** The first position of the byte in the range, or {@code to}. */
  public static int find(byte[] b, int from, int to, byte wanted) {
    long pattern = ONES * (wanted & 255);
    int i = from;
    for (; i <= to - 8; i += 8) {
      long x = (long) LONGS.get(b, i) ^ pattern;
      long hit = (x - ONES) & ~x & HIGHS;
      if (hit != 0) {
        return i + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
    }
    for (; i < to; i++) {
      if (b[i] == wanted) {
        return i;
      }
    }
    return to;
  }

  /** The last position of the byte in the range, or -1. */
  public static int findLast(byte[] b, int from, int to, byte wanted) {
    for (int i = to - 1; i >= from; i--) {
      if (b[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** How often the byte is in the range. */
  public static int count(byte[] b, int from, int to, byte wanted) {
    long pattern = ONES * (wanted & 255);
    int n = 0;
    int i = from;
    for (; i <= to - 8; i += 8) {
      long x = (long) LONGS.get(b, i) ^ pattern;
      // exact per byte: the high bit is set where the byte is not zero
      long nonZero = ((x & LOWS) + LOWS) | x;
      n += Long.bitCount(~nonZero & HIGHS);
    }
    for (; i < to; i++) {
      n += b[i] == wanted ? 1 : 0;
    }
    return n;
  }

  /**
   * Line ends in the range: LF, CRLF and a CR alone are one each. A CRLF must not lie across the
   * end of the range.
   */
  public static int lines(byte[] b, int from, int to) {
    int n = count(b, from, to, (byte) '\n');
    for (int i = find(b, from, to, (byte) '\r'); i < to; i = find(b, i + 1, to, (byte) '\r')) {
      n += i + 1 < to && b[i + 1] == '\n' ? 0 : 1;
    }
    return n;
  }

  /** Is every byte of the range below 128. */
  public static boolean isAscii(byte[] b, int from, int to) {
    long all = 0;
    int i = from;
    for (; i <= to - 8; i += 8) {
      all |= (long) LONGS.get(b, i);
    }
    for (; i < to; i++) {
      all |= b[i];
    }
    return (all & HIGHS) == 0;
  }

  /** Is the range well-formed UTF-8 (no overlong form, no surrogate, nothing above U+10FFFF). */
  public static boolean isUtf8(byte[] b, int from, int to) {
    int i = from;
    while (i < to) {
      if (i <= to - 8 && ((long) LONGS.get(b, i) & HIGHS) == 0) {
        i += 8;
        continue;
      }
      int c = b[i];
      if (c >= 0) {
        i++;
        continue;
      }
      int size = c >= -62 && c < -32 ? 2 : c >= -32 && c < -16 ? 3 : c >= -16 && c < -11 ? 4 : 0;
      if (size == 0 || i + size > to) {
        return false;
      }
      for (int k = 1; k < size; k++) {
        if ((b[i + k] & 0xC0) != 0x80) {
          return false;
        }
      }
      int second = b[i + 1] & 255;
      if ((c == (byte) 0xE0 && second < 0xA0)
          || (c == (byte) 0xED && second > 0x9F)
          || (c == (byte) 0xF0 && second < 0x90)
          || (c == (byte) 0xF4 && second > 0x8F)) {
        return false;
      }
      i += size;
    }
    return true;
  }
}
