package dev.penstock.sources.parquet;

import org.apache.parquet.format.ColumnMetaData;

/**
 * The bytes of one column chunk within a morsel.
 *
 * @param bytes has 8 readable bytes behind {@code to}
 * @param rows rows of the row group
 */
record Chunk(
    ParquetColumn column, ColumnMetaData meta, byte[] bytes, int from, int to, Place place, int rows) {}
