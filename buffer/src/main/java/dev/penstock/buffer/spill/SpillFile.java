package dev.penstock.buffer.spill;

import dev.penstock.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Batches on disk, each found by the handle that writing it gave. Blocking; meant for local disks,
 * and so allowed on compute threads.
 *
 * <p>Errors: IO {@code spill-write}, {@code spill-read}, {@code spill-corrupt} (a block that is not
 * what was written); LIMIT {@code spill-quota}.
 *
 * <p>Concurrency: one thread writes at a time; any number read what was written before, also while
 * others write, if they got the handles with a happens-before.
 */
public interface SpillFile extends AutoCloseable {
  /**
   * Appends the rows of a batch (its selection applied; dictionaries and constants are written
   * flat).
   *
   * @return the handle to read it by, never negative
   */
  long write(Batch batch);

  /** Reads a batch back: flat columns without a selection, of the types that were written. */
  Batch read(long handle);

  /**
   * Bytes of heap that reading this block takes at most, about, while and after it is read: to be
   * reserved before.
   */
  long readBytes(long handle);

  /** Whether a block lies in the second tier, beyond the disk's quota. */
  default boolean isBeyond(long handle) {
    return false;
  }

  /** Bytes written, as they lie on disk. */
  long sizeBytes();

  /** Bytes of the rows written, before compression. */
  long rawBytes();

  /** No more writes; buffered blocks are flushed, and buffers given back. */
  void seal();

  /** Deletes the file. May be called twice. */
  @Override
  void close();

  /** What stands in messages. */
  default @Nullable String where() {
    return null;
  }
}
