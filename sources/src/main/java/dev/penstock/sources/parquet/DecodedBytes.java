package dev.penstock.sources.parquet;

import dev.penstock.batch.Layout;
import java.util.EnumSet;
import java.util.Set;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;

/**
 * What a decoder holds of one column chunk at most: its dictionary and one page, decoded. Texts
 * that share prefixes ({@code DELTA_BYTE_ARRAY}) may take more: what they grow to is not declared.
 */
final class DecodedBytes {
  /** Heads of arrays, and the bytes behind a buffer's end. */
  private static final long FIXED = 128;

  private static final int MAX_WINDOW = 16_384;
  private static final int SMALL_WINDOW = 2048;
  private static final long AMPLE_BYTES = 64 << 20;

  private static final Set<Encoding> IN_TWO_STEPS =
      EnumSet.of(
          Encoding.DELTA_BINARY_PACKED,
          Encoding.DELTA_LENGTH_BYTE_ARRAY,
          Encoding.DELTA_BYTE_ARRAY,
          Encoding.BYTE_STREAM_SPLIT);

  private static final Set<Encoding> BY_DICTIONARY =
      EnumSet.of(Encoding.PLAIN_DICTIONARY, Encoding.RLE_DICTIONARY);

  private DecodedBytes() {}

  /** Rows that are decoded at a time, at most; few where memory is little. */
  static int window(long capBytes) {
    return capBytes < AMPLE_BYTES ? SMALL_WINDOW : MAX_WINDOW;
  }

  /** What a column's reader keeps for the ids and positions of a window. */
  static long windowBytes(long capBytes, boolean filtered) {
    return filtered ? 12L * window(capBytes) : 4L * SMALL_WINDOW;
  }

  static long most(ParquetColumn column, ColumnMetaData chunk) {
    long pages = Math.max(0, chunk.getTotal_uncompressed_size());
    long values = Math.max(0, chunk.getNum_values());
    if (column.conversion() == Conversion.NESTED) {
      return 2 * pages + 16 * values + FIXED;
    }
    // a dictionary is there twice while it is decoded: its page's buffer is that of all pages
    boolean dictionary = chunk.getEncodings().stream().anyMatch(BY_DICTIONARY::contains);
    long ends = column.type().layout() == Layout.BYTES ? Math.min(4 * values, pages) : 0;
    long bytes = (dictionary ? pages * wider(column) + ends : 0) + pages + FIXED;
    return chunk.getEncodings().stream().anyMatch(IN_TWO_STEPS::contains)
        ? bytes + pages + 8 * values
        : bytes;
  }

  /** A value takes so many times its stored bytes in a dictionary. */
  private static int wider(ParquetColumn column) {
    int decoded =
        switch (column.type().layout()) {
          case BITS, BYTES -> 1;
          case INTS -> 4;
          case LONGS, DOUBLES -> 8;
          default -> 16;
        };
    int stored = column.width();
    return stored <= 0 || stored >= decoded ? 1 : (decoded + stored - 1) / stored;
  }
}
