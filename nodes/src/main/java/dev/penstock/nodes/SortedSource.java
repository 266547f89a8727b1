package dev.penstock.nodes;

/**
 * A source whose rows lie in order, so that those with a key are found without reading the others:
 * a merge join needs no table of them.
 */
public interface SortedSource extends Source {
  /** The column by which its scans give their rows, ascending; -1: by none. */
  int sortedBy();

  /**
   * Among how many rows those with a key are looked for, in the order of the keys: its own, or more
   * where others lie between them; -1: they are not found by this column. One that is found by is
   * int64 without nulls.
   */
  long findsAmong(int column);

  /** Bytes that a finder holds which copies so many columns. */
  long finderBytes(int columns);

  /**
   * A finder of one lane, over all rows; nothing is filtered.
   *
   * @param column one of which {@link #findsAmong} is not negative
   * @param columns what it copies: ordinals of int64 columns without nulls
   */
  Finder finder(int column, int[] columns);

  /** Finds the rows of one key after the other; one thread. */
  interface Finder {
    /**
     * How many rows have the key. They are at hand until the next call. Keys that ascend from call
     * to call are found by steps forward, others by looking through all.
     */
    long find(long key);

    /**
     * Copies values of rows at hand.
     *
     * @param column position in the columns that it was made for
     * @param from the first row, 0 for the first one with the key
     */
    void copy(int column, long from, int count, long[] out, int outAt);
  }
}
