package dev.penstock.sources.parquet;

import java.util.List;
import org.apache.parquet.format.ColumnMetaData;

/**
 * The bytes of one column chunk within a morsel.
 *
 * @param bytes has 8 readable bytes behind {@code to}
 * @param rows rows of the row group
 * @param parts the chunks of the leaves of a nested column (which has no bytes of its own); none
 *     for a flat column
 */
record Chunk(
    ParquetColumn column,
    ColumnMetaData meta,
    byte[] bytes,
    int from,
    int to,
    Place place,
    int rows,
    List<Chunk> parts) {

  /** Bytes of the values when they are decompressed, as the file declares them. */
  long uncompressedBytes() {
    long sum = 0;
    for (Chunk p : parts) {
      sum += p.uncompressedBytes();
    }
    return parts.isEmpty() ? Math.max(0, meta.getTotal_uncompressed_size()) : sum;
  }
}
