package dev.penstock.sources.parquet;

/** Writes DELTA_BINARY_PACKED, straight from the text of the format, one bit at a time. */
final class DeltaEncoder {
  private DeltaEncoder() {}

  static byte[] encode(long[] values, int blockSize, int miniblocks) {
    GrowingBytes out = new GrowingBytes();
    varint(blockSize, out);
    varint(miniblocks, out);
    varint(values.length, out);
    varint(zigzag(values.length == 0 ? 0 : values[0]), out);
    int size = blockSize / miniblocks;
    for (int block = 1; block < values.length; block += blockSize) {
      int n = Math.min(blockSize, values.length - block);
      long min = Long.MAX_VALUE;
      for (int i = 0; i < n; i++) {
        min = Math.min(min, values[block + i] - values[block + i - 1]);
      }
      varint(zigzag(min), out);
      int widths = out.extend(miniblocks);
      for (int m = 0; m < miniblocks; m++) {
        int from = m * size;
        int width = 0;
        for (int i = from; i < Math.min(n, from + size); i++) {
          long d = values[block + i] - values[block + i - 1] - min;
          width = Math.max(width, 64 - Long.numberOfLeadingZeros(d));
        }
        out.bytes[widths + m] = (byte) width;
        if (from >= n) {
          continue;
        }
        int at = out.extend(size * width / 8);
        java.util.Arrays.fill(out.bytes, at, out.size, (byte) 0);
        for (int i = from; i < Math.min(n, from + size); i++) {
          long d = values[block + i] - values[block + i - 1] - min;
          for (int b = 0; b < width; b++) {
            int bit = (i - from) * width + b;
            out.bytes[at + bit / 8] |= (byte) ((d >>> b & 1) << (bit % 8));
          }
        }
      }
    }
    return java.util.Arrays.copyOf(out.bytes, out.size);
  }

  private static long zigzag(long v) {
    return v << 1 ^ v >> 63;
  }

  private static void varint(long v, GrowingBytes out) {
    long left = v;
    while ((left & ~0x7FL) != 0) {
      out.putByte((int) (left & 0x7F | 0x80));
      left >>>= 7;
    }
    out.putByte((int) left);
  }
}
