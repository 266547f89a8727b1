package dev.penstock.nodes;

import dev.penstock.batch.Batch;

/**
 * Where a result goes: a file, a terminal. Calls may block; one thread at a time, never a compute
 * thread.
 */
public interface Sink extends AutoCloseable {
  /** Takes the rows of one batch. */
  void write(Batch batch);

  /**
   * Completes the output; without it, close gives up what was written as far as the medium allows.
   */
  void finish();

  @Override
  void close();
}
