package dev.penstock.buffer;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.segment.CompositePipe;
import dev.penstock.buffer.segment.SegmentKind;
import dev.penstock.buffer.segment.Segments;
import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.QueuePipe;
import java.util.function.BooleanSupplier;

/** Pipes for batches, weighed by the bytes that a batch keeps alive. */
public final class BatchPipes {
  /** Bytes that may wait in one pipe. */
  public static final long CAPACITY_BYTES = 8L << 20;

  private BatchPipes() {}

  public static Pipe<Batch> create(String name) {
    return create(name, CAPACITY_BYTES);
  }

  public static Pipe<Batch> create(String name, long capacityBytes) {
    return QueuePipe.ofBytes(name, capacityBytes, Batch::sizeBytes);
  }

  /**
   * A pipe that goes on to segments of a kind when more than {@link #CAPACITY_BYTES} wait, or when
   * memory is tight.
   *
   * @param capacityBytes at most so much waits in all
   * @param overflow what a segment is that is not on the heap
   * @param tight whether the heap is short of room; asked at each enqueue
   */
  public static CompositePipe create(
      String name, long capacityBytes, SegmentKind overflow, BooleanSupplier tight) {
    return new CompositePipe(name, CAPACITY_BYTES, capacityBytes, overflow, tight);
  }

  /** A pipe that goes on to files of a spill space. */
  public static CompositePipe create(
      String name,
      long capacityBytes,
      SpillSpace space,
      CancellationToken token,
      BooleanSupplier tight) {
    return create(name, capacityBytes, Segments.disk(space, token), tight);
  }
}
