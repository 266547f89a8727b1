package dev.penstock.sources.parquet;

import dev.penstock.monitor.Reservation;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Brings the values of a page into PLAIN form. PLAIN stays where it is; other encodings are decoded, whole pages at a time, into a buffer
 * that is used again for the next page and reserved before it grows.
 */
final class PlainForm {
  private final Reservation held;
  private byte[] scratch = {};

  /** Where {@link #of} left the values. */
  byte[] bytes = {};

  int from;
  int to;

  PlainForm(Reservation held) {
    this.held = held;
  }

  /** Decodes {@code values} values of a column; IllegalArgumentException when the bytes are damaged. */
  void of(ParquetColumn column, Encoding encoding, byte[] in, int start, int end, int values) {
    switch (encoding) {
      case PLAIN -> {
        bytes = in;
        from = start;
        to = end;
      }
      case RLE -> booleans(column, in, start, end, values);
      default -> throw new IllegalArgumentException("values in encoding " + encoding + " of type " + ColumnTypes.name(column.physical()));
    }
  }

  private void booleans(ParquetColumn column, byte[] in, int start, int end, int values) {
    int length = end - start < 4 ? -1 : LittleEndian.getInt(in, start);
    if (column.conversion() != Conversion.BOOLEAN || length < 0 || length > end - start - 4) {
      throw new IllegalArgumentException("run-length encoded booleans declare " + length + " bytes");
    }
    byte[] out = scratch((values + 7L) >>> 3);
    IdDecoder runs = new IdDecoder();
    runs.begin(in, start + 4, start + 4 + length, 1);
    long @Nullable [] zeros = runs.readNulls(values);
    for (int i = 0; i < to; i++) {
      out[i] = zeros == null ? -1 : (byte) ~(zeros[i >> 3] >>> (8 * (i & 7)));
    }
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
