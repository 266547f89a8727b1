package dev.penstock.sources.text;

/** Finds ends of records in a block of bytes that grows. Used by one thread (the I/O thread of a scan). */
public interface Splitter {
  /** Begins a new block, with a record at this position. */
  void reset(int from);

  /**
   * Looks at the bytes up to {@code to}; those looked at before have not changed.
   *
   * @return the position after the last complete record; the begin when there is none
   */
  int advance(byte[] b, int to);
}
