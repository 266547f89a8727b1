package dev.penstock.nodes.sort;

import dev.penstock.buffer.spill.SpillFile;

/**
 * A spill file that holds some runs; it is closed when none of them is wanted any more.
 *
 * <p>Concurrency: one thread at a time.
 */
final class RunFile {
  final SpillFile file;
  private int runs = 1;
  private boolean closed;

  /** Wanted by whoever writes to it, until {@link #release}. */
  RunFile(SpillFile file) {
    this.file = file;
  }

  void retain() {
    runs++;
  }

  void release() {
    if (--runs == 0) {
      close();
    }
  }

  /** No more writes. */
  void seal() {
    if (!closed) {
      file.seal();
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Deletes the file, whoever wants it. */
  void close() {
    closed = true;
    file.close();
  }
}
