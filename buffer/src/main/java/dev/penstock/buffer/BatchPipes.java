package dev.penstock.buffer;

import dev.penstock.batch.Batch;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.QueuePipe;

/**
 * Pipes for batches, weighed by the bytes that a batch keeps alive; those that go on to segments
 * are {@link dev.penstock.buffer.segment.CompositePipe}s.
 */
public final class BatchPipes {
  /** Bytes that may wait in one pipe. */
  public static final long CAPACITY_BYTES = 8L << 20;

  private BatchPipes() {}

  public static Pipe<Batch> create(String name) {
    return create(name, CAPACITY_BYTES);
  }

  public static Pipe<Batch> create(String name, long capacityBytes) {
    return QueuePipe.ofRows(name, capacityBytes, Batch::sizeBytes, Batch::count, batch -> {});
  }
}
