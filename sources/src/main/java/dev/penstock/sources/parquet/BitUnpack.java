package dev.penstock.sources.parquet;

/**
 * Unpacks values of width bits, least significant bit first. Loads whole 64-bit words, so 8 bytes
 * behind the last value must be readable.
 */
final class BitUnpack {
  private BitUnpack() {}

  /**
   * Values {@code index} until {@code index + n} of the run that begins at byte {@code start};
   * width 0..32.
   */
  static void ints(byte[] in, int start, int index, int width, int[] out, int to, int n) {
    if (width == 0) {
      java.util.Arrays.fill(out, to, to + n, 0);
      return;
    }
    int i = 0;
    int head = Math.min(n, (8 - (index & 7)) & 7);
    for (; i < head; i++) {
      out[to + i] = one(in, start, index + i, width);
    }
    int groups = (n - i) >>> 3;
    if (groups > 0) {
      int from = start + (int) ((long) (index + i) * width >>> 3);
      if (width <= 8) {
        upTo8(in, from, width, out, to + i, groups);
      } else if (width <= 16) {
        upTo16(in, from, width, out, to + i, groups);
      } else {
        upTo32(in, from, width, out, to + i, groups);
      }
      i += groups << 3;
    }
    for (; i < n; i++) {
      out[to + i] = one(in, start, index + i, width);
    }
  }

  private static int one(byte[] in, int start, int index, int width) {
    long bit = (long) index * width;
    long word = LittleEndian.getLong(in, start + (int) (bit >>> 3));
    return (int) (word >>> (bit & 7) & (1L << width) - 1);
  }

  private static void upTo8(byte[] in, int from, int width, int[] out, int to, int groups) {
    int mask = (1 << width) - 1;
    int p = from;
    int limit = to + 8 * groups;
    for (int o = to; o < limit; o += 8) {
      long w = LittleEndian.getLong(in, p);
      out[o] = (int) w & mask;
      out[o + 1] = (int) (w >>> width) & mask;
      out[o + 2] = (int) (w >>> 2 * width) & mask;
      out[o + 3] = (int) (w >>> 3 * width) & mask;
      out[o + 4] = (int) (w >>> 4 * width) & mask;
      out[o + 5] = (int) (w >>> 5 * width) & mask;
      out[o + 6] = (int) (w >>> 6 * width) & mask;
      out[o + 7] = (int) (w >>> 7 * width) & mask;
      p += width;
    }
  }

  /**
   * Two loads for a group of 8: the second half begins at bit 4 * width, which is 4 bits into a
   * byte for odd widths.
   */
  private static void upTo16(byte[] in, int from, int width, int[] out, int to, int groups) {
    int mask = (1 << width) - 1;
    int half = width >>> 1;
    int odd = (width & 1) << 2;
    int p = from;
    int limit = to + 8 * groups;
    for (int o = to; o < limit; o += 8) {
      long w = LittleEndian.getLong(in, p);
      long v = LittleEndian.getLong(in, p + half) >>> odd;
      out[o] = (int) w & mask;
      out[o + 1] = (int) (w >>> width) & mask;
      out[o + 2] = (int) (w >>> 2 * width) & mask;
      out[o + 3] = (int) (w >>> 3 * width) & mask;
      out[o + 4] = (int) v & mask;
      out[o + 5] = (int) (v >>> width) & mask;
      out[o + 6] = (int) (v >>> 2 * width) & mask;
      out[o + 7] = (int) (v >>> 3 * width) & mask;
      p += width;
    }
  }

  private static void upTo32(byte[] in, int from, int width, int[] out, int to, int groups) {
    long mask = (1L << width) - 1;
    int p = from;
    int limit = to + 8 * groups;
    for (int o = to; o < limit; o += 8) {
      for (int k = 0; k < 8; k++) {
        int bit = k * width;
        out[o + k] = (int) (LittleEndian.getLong(in, p + (bit >>> 3)) >>> (bit & 7) & mask);
      }
      p += width;
    }
  }
}
