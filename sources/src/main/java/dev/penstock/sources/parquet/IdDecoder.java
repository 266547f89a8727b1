package dev.penstock.sources.parquet;

/**
 * Reads the hybrid of run-length and bit-packed runs: dictionary ids and levels.
 *
 * <pre>
 * run     := varint header, then
 *            header even: header >> 1 times the value that follows, in ceil(width / 8) bytes, LE
 *            header odd:  (header >> 1) groups of 8 values, width bits each, least significant bit first
 * </pre>
 *
 * <p>The buffer must have 8 readable bytes behind its end (their content does not matter).
 */
final class IdDecoder {
  private byte[] buffer = {};
  private int at;
  private int end;
  private int width;

  private int left; // values left in the current run
  private boolean packed;
  private int value; // of a repeated run
  private int packedStart; // byte at which the bit-packed run begins
  private int packedIndex; // next value in it

  /** Begins at {@code from}; nothing is read before it is asked for. */
  void begin(byte[] bytes, int from, int to, int bitWidth) {
    if (bitWidth < 0 || bitWidth > 32) {
      throw new IllegalArgumentException("a bit width of " + bitWidth);
    }
    buffer = bytes;
    at = from;
    end = to;
    width = bitWidth;
    left = 0;
  }

  /** Reads n values to {@code out[to] ...}. IllegalArgumentException when the data ends before. */
  void read(int[] out, int to, int n) {
    int done = 0;
    while (done < n) {
      if (left == 0) {
        nextRun();
      }
      int take = Math.min(left, n - done);
      if (packed) {
        BitUnpack.ints(buffer, packedStart, packedIndex, width, out, to + done, take);
        packedIndex += take;
      } else {
        java.util.Arrays.fill(out, to + done, to + done + take, value);
      }
      left -= take;
      done += take;
    }
  }

  void skip(int n) {
    int done = 0;
    while (done < n) {
      if (left == 0) {
        nextRun();
      }
      int take = Math.min(left, n - done);
      packedIndex += take;
      left -= take;
      done += take;
    }
  }

  /**
   * Reads n levels of width 1 as a bitmap of nulls (bit set = level 0), or gives null when every
   * level is 1.
   */
  long @org.jspecify.annotations.Nullable [] readNulls(int n) {
    long[] nulls = null;
    int done = 0;
    while (done < n) {
      nextRun();
      int take = Math.min(left, n - done);
      if (packed || value == 0) {
        if (nulls == null) {
          nulls = new long[(n + 63 >>> 6) + 1];
        }
        if (packed) {
          Bitmaps.orInverted(buffer, packedStart, take, nulls, done);
        } else {
          Bitmaps.fill(nulls, done, done + take);
        }
      }
      left -= take;
      done += take;
    }
    return nulls != null && dev.penstock.batch.Bits.count(nulls, n) == 0 ? null : nulls;
  }

  private void nextRun() {
    int header = varint();
    int count = header >>> 1;
    if ((header & 1) != 0) {
      packed = true;
      packedStart = at;
      packedIndex = 0;
      long fits = width == 0 ? Integer.MAX_VALUE : (end - at) * 8L / width;
      long values = Math.min(count * 8L, fits);
      if (values == 0) {
        throw new IllegalArgumentException("a bit-packed run has no bytes");
      }
      left = (int) values;
      at += (int) Math.min(end - at, (long) count * width);
    } else {
      packed = false;
      left = count;
      if (count == 0) {
        throw new IllegalArgumentException("a run of no values");
      }
      int bytes = (width + 7) >>> 3;
      if (end - at < bytes) {
        throw new IllegalArgumentException("a run ends before its value");
      }
      int v = 0;
      for (int i = 0; i < bytes; i++) {
        v |= (buffer[at++] & 0xFF) << (8 * i);
      }
      if (width < 32 && v >>> width != 0) {
        throw new IllegalArgumentException("a value " + v + " in " + width + " bits");
      }
      value = v;
    }
  }

  private int varint() {
    int v = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (at >= end) {
        throw new IllegalArgumentException("the runs end before the values do");
      }
      byte b = buffer[at++];
      v |= (b & 0x7F) << shift;
      if (b >= 0) {
        return v;
      }
    }
    throw new IllegalArgumentException("a run header is longer than 5 bytes");
  }
}
