package dev.penstock.sources.parquet;

/**
 * Reads DELTA_BINARY_PACKED integers.
 *
 * <pre>
 * header := block size (varint), miniblocks in a block (varint), values (varint), first value (zigzag varint)
 * block  := smallest delta (zigzag varint), one byte of bit width per miniblock, miniblocks of bit-packed (delta - smallest)
 * </pre>
 */
final class DeltaBinary {
  private final byte[] in;
  private final int end;
  private int at;

  DeltaBinary(byte[] in, int from, int end) {
    this.in = in;
    this.at = from;
    this.end = end;
  }

  /** Where the next byte lies: behind the integers once they are read. */
  int position() {
    return at;
  }

  /**
   * Reads exactly n values to the begin of out; IllegalArgumentException when there are not so many
   * or the bytes are damaged.
   */
  void read(long[] out, int n) {
    long blockSize = varint();
    long miniblocks = varint();
    long total = varint();
    if (blockSize <= 0
        || blockSize > 1 << 24
        || blockSize % 128 != 0
        || miniblocks <= 0
        || blockSize % miniblocks != 0
        || blockSize / miniblocks % 32 != 0) {
      throw new IllegalArgumentException(
          "delta blocks of " + blockSize + " values in " + miniblocks + " miniblocks");
    }
    if (total != n) {
      throw new IllegalArgumentException(
          total + " delta-encoded values where " + n + " are expected");
    }
    long value = zigzag();
    if (n == 0) {
      return;
    }
    out[0] = value;
    int done = 1;
    int size = (int) (blockSize / miniblocks);
    while (done < n) {
      long min = zigzag();
      int widths = at;
      at += (int) miniblocks;
      if (at > end) {
        throw new IllegalArgumentException("the deltas end inside of a block");
      }
      for (int m = 0; m < miniblocks && done < n; m++) {
        int width = in[widths + m] & 0xFF;
        if (width > 64) {
          throw new IllegalArgumentException("deltas of " + width + " bits");
        }
        int take = Math.min(size, n - done);
        long needed = ((long) take * width + 7) >>> 3;
        if (needed > end - at) {
          throw new IllegalArgumentException("the deltas end inside of a block");
        }
        value = miniblock(width, min, value, out, done, take);
        at += (int) Math.min(end - at, (long) size * width >>> 3);
        done += take;
      }
    }
  }

  private long miniblock(int width, long min, long before, long[] out, int to, int n) {
    long value = before;
    byte[] b = in;
    int start = at;
    if (width == 0) {
      for (int i = 0; i < n; i++) {
        value += min;
        out[to + i] = value;
      }
    } else if (width <= 56) {
      long mask = (1L << width) - 1;
      for (int i = 0; i < n; i++) {
        int bit = i * width;
        value += min + (LittleEndian.getLong(b, start + (bit >>> 3)) >>> (bit & 7) & mask);
        out[to + i] = value;
      }
    } else {
      long mask = -1L >>> (64 - width);
      for (int i = 0; i < n; i++) {
        int bit = i * width;
        int shift = bit & 7;
        long w = LittleEndian.getLong(b, start + (bit >>> 3)) >>> shift;
        if (shift + width > 64) {
          w |= (long) b[start + (bit >>> 3) + 8] << (64 - shift);
        }
        value += min + (w & mask);
        out[to + i] = value;
      }
    }
    return value;
  }

  private long varint() {
    long v = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= end) {
        throw new IllegalArgumentException("the deltas end inside of a number");
      }
      byte b = in[at++];
      v |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return v;
      }
    }
    throw new IllegalArgumentException("a number is longer than 10 bytes");
  }

  private long zigzag() {
    long v = varint();
    return v >>> 1 ^ -(v & 1);
  }
}
