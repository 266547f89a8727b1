package dev.penstock.sources.parquet;

import dev.penstock.batch.FlatColumn;
import org.jspecify.annotations.Nullable;

/**
 * Reads PLAIN values of one column: page by page from a byte range, batch by batch into new arrays.
 * Other value encodings are brought into PLAIN form first ({@link PlainForm}), so that this is the
 * only way from bytes to columns.
 *
 * <pre>
 * page(bytes) ... start(capacity) read(to, n) | pick(picks, k, to, n) | skip(n) ... spread(...) ... finish(nulls, length)
 * </pre>
 *
 * <p>The buffer has 8 readable bytes behind its end. A read beyond the end throws
 * IllegalArgumentException. Not thread-safe.
 */
abstract class PlainValues {
  byte[] in = {};
  int at;
  int end;

  /**
   * The following reads take from this page; it holds at least so many values, else
   * IllegalArgumentException.
   */
  void page(byte[] bytes, int from, int to, int values) {
    in = bytes;
    at = from;
    end = to;
  }

  /** New arrays for so many values. */
  abstract void start(int capacity);

  /** The next n values of the page go to positions {@code to} until {@code to + n}. */
  abstract void read(int to, int n);

  /**
   * Of the next n values of the page those at {@code picks} (ascending, relative, the first k
   * entries) go to {@code to} on.
   */
  abstract void pick(int[] picks, int k, int to, int n);

  /** Passes the next n values of the page. */
  abstract void skip(int n);

  /**
   * Moves the values at {@code to} until {@code to + values} apart, to the positions of {@code to}
   * until {@code to + rows} that are not null.
   */
  abstract void spread(int to, int rows, int values, long[] nulls);

  /** The column of the first positions. */
  abstract FlatColumn finish(long @Nullable [] nulls, int length);

  static PlainValues of(ParquetColumn column) {
    int width = column.width();
    return switch (column.conversion()) {
      case BOOLEAN -> new PlainBits();
      case INT32 -> new PlainInts(column.type());
      case FLOAT, DOUBLE, FLOAT16 -> new PlainDoubles(column.conversion(), width);
      case UNSIGNED_INT32_TO_LONG,
          INT32_TO_LONG,
          INT32_MILLIS_TO_MICROS,
          INT64,
          INT64_MILLIS_TO_MICROS,
          INT64_NANOS_TO_MICROS,
          INT96_TO_MICROS ->
          new PlainLongs(column.type(), column.conversion(), width);
      case DECIMAL_TO_LONG ->
          width < 0
              ? new PlainVariableDecimals(column.type())
              : new PlainLongs(column.type(), column.conversion(), width);
      case DECIMAL_TO_PAIR ->
          width < 0
              ? new PlainVariableDecimals(column.type())
              : new PlainPairs(column.type(), column.conversion(), width);
      case INT32_TO_PAIR, INT64_TO_PAIR, UNSIGNED_INT64_TO_PAIR, UUID, INTERVAL ->
          new PlainPairs(column.type(), column.conversion(), width);
      case BYTES -> new PlainBytes(column.type(), width);
      case NESTED -> throw new IllegalArgumentException("a nested column has no plain values");
    };
  }
}
