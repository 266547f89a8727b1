package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Batches that wait, each found by the handle that appending it gave, and taken once, about in the
 * order of appending.
 *
 * <p>Errors: IO when its store fails or gives back what was not written; LIMIT when it is full.
 *
 * <p>Concurrency: thread-safe; a handle is passed on with a happens-before.
 */
public interface Segment extends AutoCloseable {
  /** Keeps the rows of a batch; it may keep the batch itself. */
  long append(Batch batch);

  /**
   * Gives the rows of a batch back, and its room free.
   *
   * @throws IllegalStateException when they were taken or the segment is closed
   */
  Batch take(long handle);

  /** Gives the room of a batch free that nobody will take. */
  void drop(long handle);

  /** Where a batch lies that has not been taken; null: where its kind says. */
  default @Nullable String place(long handle) {
    return null;
  }

  /** Bytes that this segment holds where it lies: heap, disk, mapped memory. */
  long bytes();

  /** Gives all its room free. May be called twice. */
  @Override
  void close();
}
