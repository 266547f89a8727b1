package dev.penstock.sources.parquet;

import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * BYTE_ARRAY (4 bytes of length before each value) and FIXED_LEN_BYTE_ARRAY as strings, binaries,
 * JSON.
 */
final class PlainBytes extends PlainValues {
  /** Bytes behind the last value of the slab, so that short values are copied as whole words. */
  private static final int SPARE = 48;

  private final DataType type;
  private final int width; // negative: values carry their length
  private byte[] slab = {};
  private int[] offsets = {0};

  PlainBytes(DataType type, int width) {
    this.type = type;
    this.width = width;
  }

  @Override
  void page(byte[] bytes, int from, int to, int values) {
    super.page(bytes, from, to, values);
    if (values > (to - from) / (width < 0 ? 4 : width)) {
      throw new IllegalArgumentException(
          "the page has " + values + " values, but only " + (to - from) + " bytes");
    }
  }

  @Override
  void start(int capacity) {
    slab = new byte[0];
    offsets = new int[capacity + 1];
  }

  @Override
  void read(int to, int n) {
    int from = at;
    lengths(to, n);
    grow(offsets[to + n], offsets[to]);
    byte[] b = in;
    byte[] o = slab;
    int[] off = offsets;
    int head = width < 0 ? 4 : 0;
    int p = from;
    for (int i = to; i < to + n; i++) {
      int start = off[i];
      int size = off[i + 1] - start;
      copy(b, p + head, o, start, size);
      p += head + size;
    }
  }

  /** Walks over n values; their ends go to the offsets. */
  private void lengths(int to, int n) {
    int[] off = offsets;
    int p = at;
    int e = end;
    byte[] b = in;
    long sum = off[to];
    if (width >= 0) {
      if (n > (e - p) / width) {
        throw new IllegalArgumentException("the page ends before its values");
      }
      for (int i = 0; i < n; i++) {
        sum += width;
        off[to + 1 + i] = (int) sum;
      }
      at = p + n * width;
    } else {
      for (int i = 0; i < n; i++) {
        int size = size(b, p, e);
        p += 4 + size;
        sum += size;
        off[to + 1 + i] = (int) sum;
      }
      at = p;
    }
    checkSlab(sum);
  }

  private static int size(byte[] b, int p, int e) {
    int size = e - p < 4 ? -1 : LittleEndian.getInt(b, p);
    if (size < 0 || size > e - p - 4) {
      throw new IllegalArgumentException(
          e - p < 4
              ? "the page ends before its values"
              : "a value declares " + size + " bytes where " + (e - p - 4) + " are left");
    }
    return size;
  }

  private static void checkSlab(long bytes) {
    if (bytes > Integer.MAX_VALUE - 128) {
      throw new IllegalArgumentException("the strings of one batch hold more than 2 GiB");
    }
  }

  private void grow(int needed, int used) {
    if (slab.length < needed + SPARE) {
      slab = used == 0 ? new byte[needed + SPARE] : Arrays.copyOf(slab, needed + SPARE);
    }
  }

  /**
   * A constant number of words is copied, whatever the size: cheaper than a branch that is guessed
   * wrong.
   */
  private static void copy(byte[] b, int from, byte[] o, int to, int size) {
    if (size <= SPARE && from + SPARE <= b.length) {
      LittleEndian.putLong(o, to, LittleEndian.getLong(b, from));
      if (size > 8) {
        LittleEndian.putLong(o, to + 8, LittleEndian.getLong(b, from + 8));
        LittleEndian.putLong(o, to + 16, LittleEndian.getLong(b, from + 16));
        LittleEndian.putLong(o, to + 24, LittleEndian.getLong(b, from + 24));
        LittleEndian.putLong(o, to + 32, LittleEndian.getLong(b, from + 32));
        LittleEndian.putLong(o, to + 40, LittleEndian.getLong(b, from + 40));
      }
    } else {
      System.arraycopy(b, from, o, to, size);
    }
  }

  @Override
  void pick(int[] picks, int k, int to, int n) {
    byte[] b = in;
    int e = end;
    int p = at;
    int[] off = offsets;
    int used = off[to];
    int row = 0;
    for (int i = 0; i < k; i++) {
      int wanted = picks[i];
      if (width < 0) {
        for (; row < wanted; row++) {
          p += 4 + size(b, p, e);
        }
      } else {
        p += (wanted - row) * width;
        row = wanted;
      }
      int size = width < 0 ? size(b, p, e) : width;
      int start = width < 0 ? p + 4 : p;
      if (size > e - start) {
        throw new IllegalArgumentException("the page ends before its values");
      }
      checkSlab((long) used + size);
      if (slab.length < used + size + SPARE) {
        int bigger = Math.max(1024, slab.length + (slab.length >> 1));
        slab = Arrays.copyOf(slab, Math.max(used + size + SPARE, bigger));
      }
      copy(b, start, slab, used, size);
      used += size;
      off[to + i + 1] = used;
      p = start + size;
      row++;
    }
    at = p;
    skip(n - row);
  }

  @Override
  void skip(int n) {
    int p = at;
    int e = end;
    if (width >= 0) {
      if (n > (e - p) / width) {
        throw new IllegalArgumentException("the page ends before its values");
      }
      at = p + n * width;
      return;
    }
    byte[] b = in;
    for (int i = 0; i < n; i++) {
      p += 4 + size(b, p, e);
    }
    at = p;
  }

  @Override
  void spread(int to, int rows, int values, long[] nulls) {
    int[] off = offsets;
    int k = to + values;
    for (int i = to + rows; i > to; i--) {
      off[i] = off[k];
      if (!Bits.get(nulls, i - 1)) {
        k--;
      }
    }
  }

  @Override
  FlatColumn finish(long @Nullable [] nulls, int length) {
    return new BytesColumn(type, slab, offsets, nulls, length);
  }
}
