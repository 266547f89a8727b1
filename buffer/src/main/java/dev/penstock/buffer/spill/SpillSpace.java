package dev.penstock.buffer.spill;

import dev.penstock.monitor.CancellationToken;

/**
 * Room for spilled batches: one for each engine.
 *
 * <p>Concurrency: thread-safe.
 */
public interface SpillSpace extends AutoCloseable {
  /**
   * A new, empty file, which is deleted when it is closed. Nothing is opened on disk before the
   * first write.
   *
   * @param what whose it is, for messages and figures: "sort"
   * @param token checked by whoever waits for the disk
   */
  SpillFile create(String what, CancellationToken token);

  /** Bytes of rows that were written since the space was opened, before compression. */
  long writtenRawBytes();

  /** Bytes that were written since the space was opened. */
  long writtenBytes();

  /** Bytes in files that are open now. */
  long heldBytes();

  /** Deletes everything. */
  @Override
  void close();
}
