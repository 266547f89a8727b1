package dev.penstock.sources.parquet;

import dev.penstock.monitor.Reservation;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/**
 * Brings the values of a page into PLAIN form. PLAIN stays where it is; other encodings are
 * decoded, whole pages at a time, into a buffer that is used again for the next page and reserved
 * before it grows.
 */
final class PlainForm {
  private final Reservation held;
  private byte[] scratch = {};
  private long[] numbers = {};
  private long[] prefixes = {};

  /** Where {@link #of} left the values. */
  byte[] bytes = {};

  int from;
  int to;

  PlainForm(Reservation held) {
    this.held = held;
  }

  /**
   * Decodes {@code values} values of a column; IllegalArgumentException when the bytes are damaged.
   */
  void of(
      @Nullable Type type,
      int width,
      Encoding encoding,
      byte[] in,
      int start,
      int end,
      int values) {
    if (encoding == Encoding.PLAIN || values == 0) {
      bytes = in;
      from = start;
      to = end;
      return;
    }
    boolean ok =
        switch (encoding) {
          case RLE -> type == Type.BOOLEAN;
          case DELTA_BINARY_PACKED -> type == Type.INT32 || type == Type.INT64;
          case DELTA_LENGTH_BYTE_ARRAY -> type == Type.BYTE_ARRAY;
          case DELTA_BYTE_ARRAY -> type == Type.BYTE_ARRAY || type == Type.FIXED_LEN_BYTE_ARRAY;
          case BYTE_STREAM_SPLIT -> width > 0;
          default -> false;
        };
    if (!ok) {
      throw new IllegalArgumentException(
          "values of type " + ColumnTypes.name(type) + " in encoding " + encoding);
    }
    switch (encoding) {
      case RLE -> booleans(in, start, end, values);
      case DELTA_BINARY_PACKED -> integers(width, in, start, end, values);
      case DELTA_LENGTH_BYTE_ARRAY -> texts(in, start, end, values);
      case DELTA_BYTE_ARRAY -> prefixedTexts(width, in, start, end, values);
      default -> streams(width, in, start, end, values);
    }
  }

  private void booleans(byte[] in, int start, int end, int values) {
    int length = end - start < 4 ? -1 : LittleEndian.getInt(in, start);
    if (length < 0 || length > end - start - 4) {
      throw new IllegalArgumentException(
          "run-length encoded booleans declare " + length + " bytes");
    }
    byte[] out = scratch((values + 7L) >>> 3);
    IdDecoder runs = new IdDecoder();
    runs.begin(in, start + 4, start + 4 + length, 1);
    long[] zeros = runs.readNulls(values);
    for (int i = 0; i < to; i++) {
      out[i] = zeros == null ? -1 : (byte) ~(zeros[i >> 3] >>> (8 * (i & 7)));
    }
  }

  private void integers(int width, byte[] in, int start, int end, int values) {
    numbers = numbers(numbers, values);
    new DeltaBinary(in, start, end).read(numbers, values);
    byte[] out = scratch((long) width * values);
    long[] v = numbers;
    if (width == 4) {
      for (int i = 0; i < values; i++) {
        LittleEndian.putInt(out, 4 * i, (int) v[i]);
      }
    } else {
      for (int i = 0; i < values; i++) {
        LittleEndian.putLong(out, 8 * i, v[i]);
      }
    }
  }

  private void texts(byte[] in, int start, int end, int values) {
    numbers = numbers(numbers, values);
    DeltaBinary lengths = new DeltaBinary(in, start, end);
    lengths.read(numbers, values);
    int at = lengths.position();
    long total = total(numbers, values);
    if (total > end - at) {
      throw new IllegalArgumentException(
          "texts of " + total + " bytes where " + (end - at) + " are left");
    }
    byte[] out = scratch(total + 4L * values);
    int o = 0;
    for (int i = 0; i < values; i++) {
      int n = (int) numbers[i];
      LittleEndian.putInt(out, o, n);
      System.arraycopy(in, at, out, o + 4, n);
      o += 4 + n;
      at += n;
    }
  }

  private static long total(long[] lengths, int n) {
    long sum = 0;
    for (int i = 0; i < n; i++) {
      long v = lengths[i];
      if (v < 0 || v > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a text declares " + v + " bytes");
      }
      sum += v;
    }
    return sum;
  }

  /** Each value begins with a part of the value before. */
  private void prefixedTexts(int width, byte[] in, int start, int end, int values) {
    prefixes = numbers(prefixes, values);
    numbers = numbers(numbers, values);
    DeltaBinary first = new DeltaBinary(in, start, end);
    first.read(prefixes, values);
    DeltaBinary second = new DeltaBinary(in, first.position(), end);
    second.read(numbers, values);
    int at = second.position();
    long shared = total(prefixes, values);
    long own = total(numbers, values);
    if (own > end - at) {
      throw new IllegalArgumentException(
          "texts of " + own + " bytes where " + (end - at) + " are left");
    }
    int head = width < 0 ? 4 : 0;
    byte[] out = scratch(shared + own + (long) head * values);
    int before = 0;
    int beforeSize = 0;
    int o = 0;
    for (int i = 0; i < values; i++) {
      int prefix = (int) prefixes[i];
      int n = (int) numbers[i];
      if (prefix > beforeSize || (width >= 0 && prefix + n != width)) {
        throw new IllegalArgumentException(
            "a text of " + prefix + " and " + n + " bytes behind one of " + beforeSize);
      }
      if (head > 0) {
        LittleEndian.putInt(out, o, prefix + n);
        o += 4;
      }
      System.arraycopy(out, before, out, o, prefix);
      System.arraycopy(in, at, out, o + prefix, n);
      at += n;
      before = o;
      beforeSize = prefix + n;
      o += beforeSize;
    }
  }

  /** Byte k of value i lies at {@code k * values + i}. */
  private void streams(int width, byte[] in, int start, int end, int values) {
    long size = (long) width * values;
    if (size > end - start) {
      throw new IllegalArgumentException(
          values + " values of " + width + " bytes, but only " + (end - start) + " bytes");
    }
    byte[] out = scratch(size);
    for (int k = 0; k < width; k++) {
      int stream = start + k * values;
      for (int i = 0; i < values; i++) {
        out[i * width + k] = in[stream + i];
      }
    }
  }

  private long[] numbers(long[] now, int n) {
    if (now.length >= n) {
      return now;
    }
    held.grow(8L * (n - now.length));
    return new long[n];
  }

  /** A buffer for so many bytes, which become the result. */
  private byte[] scratch(long size) {
    if (size > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException("a page of " + size + " bytes");
    }
    if (scratch.length < size + 8) {
      held.grow(size + 8 - scratch.length);
      scratch = new byte[(int) size + 8];
    }
    bytes = scratch;
    from = 0;
    to = (int) size;
    return scratch;
  }
}
