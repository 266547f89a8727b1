package dev.penstock.sources.parquet;

import org.apache.parquet.format.Encoding;

/**
 * What the header of a page says, checked against the chunk.
 *
 * @param header offset of the header in the chunk's byte array
 * @param data offset of what follows the header
 * @param values values, nulls included: rows, for a flat column
 * @param version of the data page, 0 for a dictionary page
 * @param repetitionBytes repetition levels before the values, version 2 only
 * @param definitionBytes definition levels behind them, version 2 only
 * @param compressed whether the values (version 1: and the levels) are compressed at all
 */
record Page(
    int header,
    int data,
    int compressedBytes,
    int uncompressedBytes,
    int values,
    Encoding encoding,
    Encoding levelEncoding,
    int version,
    int repetitionBytes,
    int definitionBytes,
    boolean compressed,
    boolean hasCrc,
    int crc) {

  boolean isDictionary() {
    return version == 0;
  }

  /** The values are ids of the chunk's dictionary. */
  boolean hasIds() {
    return encoding == Encoding.RLE_DICTIONARY || encoding == Encoding.PLAIN_DICTIONARY;
  }
}
