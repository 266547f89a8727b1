package dev.penstock.sources.parquet;

import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column of a row group in the order of its rows; what {@link ParquetDecoder} sees of a
 * column.
 */
interface FlatReader {
  /** Begins a column chunk, at its first row. */
  void begin(Chunk chunk);

  /** Lets go of the chunk. */
  void end();

  /** The next n rows are passed. Cheap: nothing is decoded before it must be. */
  void skip(int n);

  /**
   * The next n rows, or those at the given positions of them (ascending, the first {@code count});
   * without positions count is n. The rows must be uniform ({@link #uniformRows}).
   *
   * @param keepDictionary numbers of a dictionary may stay ids
   */
  Column read(int n, int @Nullable [] positions, int count, boolean keepDictionary);

  /**
   * How many of the next rows, at most limit and at least 1, are stored in one way (with or without
   * a dictionary).
   */
  int uniformRows(int limit);

  /** The next row is stored as an id of {@link #dictionary}. */
  boolean nextIsDictionary();

  /** Every row is stored as an id. */
  boolean isAllDictionary();

  /** The dictionary of the chunk. */
  @Nullable FlatColumn dictionary();
}
