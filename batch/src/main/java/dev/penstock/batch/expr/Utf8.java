package dev.penstock.batch.expr;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Code points of valid UTF-8 in byte ranges. */
final class Utf8 {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;

  private Utf8() {}

  /** Does a byte begin a code point? */
  static boolean begins(byte b) {
    return (b & 0xC0) != 0x80;
  }

  /** Where the code point after the one at an index begins; at most {@code to}. */
  static int next(byte[] a, int at, int to) {
    int i = at + 1;
    while (i < to && !begins(a[i])) {
      i++;
    }
    return i;
  }

  /** Where the code point before an index begins; at least {@code from}. */
  static int previous(byte[] a, int at, int from) {
    int i = at - 1;
    while (i > from && !begins(a[i])) {
      i--;
    }
    return i;
  }

  /** Code points in a range. */
  static int count(byte[] a, int from, int to) {
    int n = 0;
    for (int i = from; i < to; i++) {
      n += begins(a[i]) ? 1 : 0;
    }
    return n;
  }

  /** Where the n-th code point (from 0) begins, or {@code to} when there are no more. */
  static int offset(byte[] a, int from, int to, long n) {
    int at = from;
    for (long k = 0; k < n && at < to; k++) {
      at = next(a, at, to);
    }
    return at;
  }

  /**
   * Where the n-th code point from the end begins (0 = {@code to}), or {@code from} when there are
   * fewer.
   */
  static int offsetBack(byte[] a, int from, int to, long n) {
    int at = to;
    for (long k = 0; k < n && at > from; k++) {
      at = previous(a, at, from);
    }
    return at;
  }

  /** Where a needle begins first, or -1; an empty one at {@code from}. */
  static int indexOf(byte[] a, int from, int to, byte[] needle) {
    return indexOf(a, from, to, needle, 0, needle.length);
  }

  static int indexOf(byte[] a, int from, int to, byte[] needle, int start, int end) {
    int size = end - start;
    if (size == 0) {
      return from;
    }
    return size == 1
        ? indexOf(a, from, to, needle[start])
        : indexOfPair(a, from, to - size, needle, start, end);
  }

  private static int indexOf(byte[] a, int from, int to, byte b) {
    for (int i = from; i < to; i++) {
      if (a[i] == b) {
        return i;
      }
    }
    return -1;
  }

  /** The first two bytes of the needle are looked for at eight places at once. */
  private static int indexOfPair(byte[] a, int from, int last, byte[] needle, int start, int end) {
    int size = end - start;
    byte first = needle[start];
    byte second = needle[start + 1];
    long firsts = (first & 0xFF) * ONES;
    long seconds = (second & 0xFF) * ONES;
    int limit = Math.min(last, a.length - 9);
    int i = from;
    for (; i <= limit; i += 8) {
      // A byte is 0 where both bytes agree; above such a byte there may be false alarms.
      long differs = ((long) WORD.get(a, i) ^ firsts) | ((long) WORD.get(a, i + 1) ^ seconds);
      long zeros = (differs - ONES) & ~differs & HIGHS;
      while (zeros != 0) {
        int at = i + (Long.numberOfTrailingZeros(zeros) >> 3);
        if (at > last) {
          return -1;
        }
        if (Arrays.equals(a, at, at + size, needle, start, end)) {
          return at;
        }
        zeros &= zeros - 1;
      }
    }
    for (; i <= last; i++) {
      if (a[i] == first
          && a[i + 1] == second
          && Arrays.equals(a, i, i + size, needle, start, end)) {
        return i;
      }
    }
    return -1;
  }

  static boolean isAscii(byte[] a, int from, int to) {
    int or = 0;
    for (int i = from; i < to; i++) {
      or |= a[i];
    }
    return or >= 0;
  }

  static String string(byte[] a, int from, int to) {
    return new String(a, from, to - from, StandardCharsets.UTF_8);
  }

  static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  /** The text in the form that is the same for texts that differ only in case. */
  static String fold(String s) {
    StringBuilder out = new StringBuilder(s.length());
    s.codePoints()
        .forEach(c -> out.appendCodePoint(Character.toLowerCase(Character.toUpperCase(c))));
    return out.toString();
  }
}
