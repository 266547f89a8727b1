package dev.penstock.sources.parquet;

import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/** Definition levels of flat columns (0 = null, 1 = a value) as null bitmaps. */
final class PageLevels {
  private final IdDecoder runs = new IdDecoder();

  /** Bytes of levels before the values, set by {@link #nulls}. */
  int consumed;

  /**
   * The null bitmap of a page of a flat column that may have nulls, or null when it has none.
   * Version 1 levels are at the begin of the loaded bytes, version 2 levels before them in the
   * chunk.
   */
  long @Nullable [] nulls(Chunk chunk, Page page, byte[] bytes, int from, int to) {
    consumed = 0;
    if (page.version() == 2) {
      int start = page.data() + page.repetitionBytes();
      runs.begin(chunk.bytes(), start, start + page.definitionBytes(), 1);
      return runs.readNulls(page.values());
    }
    if (page.levelEncoding() == Encoding.BIT_PACKED) {
      consumed = (page.values() + 7) >>> 3;
      if (consumed > to - from) {
        throw new IllegalArgumentException("the page ends inside of its levels");
      }
      return bitPacked(bytes, from, page.values());
    }
    if (page.levelEncoding() != Encoding.RLE) {
      throw new IllegalArgumentException("levels in encoding " + page.levelEncoding());
    }
    int length = to - from < 4 ? -1 : LittleEndian.getInt(bytes, from);
    if (length < 0 || length > to - from - 4) {
      throw new IllegalArgumentException(
          "the levels declare " + length + " bytes of " + (to - from));
    }
    consumed = 4 + length;
    runs.begin(bytes, from + 4, from + 4 + length, 1);
    return runs.readNulls(page.values());
  }

  /** The deprecated encoding: bits from the most significant one on. */
  private static long @Nullable [] bitPacked(byte[] bytes, int from, int n) {
    long[] nulls = null;
    for (int i = 0; i < n; i++) {
      if ((bytes[from + (i >> 3)] >> (7 - (i & 7)) & 1) == 0) {
        if (nulls == null) {
          nulls = new long[(n + 63 >>> 6) + 1];
        }
        nulls[i >> 6] |= 1L << i;
      }
    }
    return nulls;
  }
}
