package dev.penstock.sources.parquet;

/** Writes the hybrid of run-length and bit-packed runs that {@link IdDecoder} reads. */
final class RunEncoder {
  /** A shorter repetition is bit-packed. */
  private static final int MIN_RUN = 8;

  private RunEncoder() {}

  /** Bits that hold the values 0 until count. */
  static int width(int count) {
    return 32 - Integer.numberOfLeadingZeros(Math.max(0, count - 1));
  }

  /** Values {@code from} until {@code to} of an array. */
  static void ids(int[] values, int from, int to, int width, GrowingBytes out) {
    int i = from;
    int packedFrom = from;
    while (i < to) {
      int run = i + 1;
      while (run < to && values[run] == values[i]) {
        run++;
      }
      if (run - i >= MIN_RUN) {
        // Bit-packed groups are of 8 values: a group that has begun is filled from the run.
        int filled = Math.min(run, packedFrom + (i - packedFrom + 7 & ~7));
        packed(values, packedFrom, filled, width, out);
        if (run > filled) {
          repeated(values[i], run - filled, width, out);
        }
        packedFrom = run;
      }
      i = run;
    }
    packed(values, packedFrom, to, width, out);
  }

  private static void repeated(int value, int n, int width, GrowingBytes out) {
    out.putVarint(n << 1);
    for (int b = 0; b < (width + 7) >>> 3; b++) {
      out.putByte(value >>> (8 * b));
    }
  }

  private static void packed(int[] values, int from, int to, int width, GrowingBytes out) {
    int n = to - from;
    if (n <= 0) {
      return;
    }
    int groups = (n + 7) >>> 3;
    out.putVarint(groups << 1 | 1);
    int bytes = groups * width;
    int at = out.extend(bytes);
    byte[] b = out.bytes;
    java.util.Arrays.fill(b, at, at + bytes, (byte) 0);
    long word = 0;
    int bits = 0;
    for (int i = from; i < to; i++) {
      word |= (long) values[i] << bits;
      bits += width;
      while (bits >= 8) {
        b[at++] = (byte) word;
        word >>>= 8;
        bits -= 8;
      }
    }
    if (bits > 0) {
      b[at] = (byte) word;
    }
  }

  /**
   * Definition levels (1 = a value, 0 = null) of n rows, from bit {@code from} of a null bitmap on,
   * with their 4 bytes of length.
   */
  static void levels(long[] nulls, int from, int n, int nullCount, GrowingBytes out) {
    int head = out.extend(4);
    if (nullCount == 0 || nullCount == n) {
      out.putVarint(n << 1);
      out.putByte(nullCount == 0 ? 1 : 0);
    } else {
      int groups = (n + 7) >>> 3;
      out.putVarint(groups << 1 | 1);
      int at = out.extend(groups);
      for (int g = 0; g < groups; g++) {
        int v = 0;
        for (int k = 0; k < 8 && g * 8 + k < n; k++) {
          int i = from + g * 8 + k;
          v |= (int) (~nulls[i >> 6] >>> i & 1) << k;
        }
        out.bytes[at + g] = (byte) v;
      }
    }
    LittleEndian.putInt(out.bytes, head, out.size - head - 4);
  }
}
