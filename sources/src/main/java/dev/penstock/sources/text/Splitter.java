package dev.penstock.sources.text;

import org.jspecify.annotations.Nullable;

/**
 * Finds ends of records in a block of bytes that grows. Used by one thread (the I/O thread of a
 * scan).
 */
public interface Splitter {
  /** Begins a new block, with a record at this position. */
  void reset(int from);

  /**
   * Looks at the bytes up to {@code to}; those looked at before have not changed. May put blanks in
   * place of bytes between records.
   *
   * @return the position after the last complete record; the begin when there is none
   */
  int advance(byte[] b, int to);

  /**
   * What should have come before the end of the file, when all of it was looked at; null when
   * nothing is missing.
   */
  default @Nullable String missingAtEnd() {
    return null;
  }
}
