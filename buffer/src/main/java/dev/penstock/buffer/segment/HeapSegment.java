package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import java.util.HashMap;
import java.util.Map;

/**
 * The batches themselves.
 *
 * <p>Concurrency: under the monitor.
 */
final class HeapSegment implements Segment {
  static final SegmentKind KIND =
      new SegmentKind() {
        @Override
        public String name() {
          return "heap";
        }

        @Override
        public Segment open(String what) {
          return new HeapSegment();
        }
      };

  private final Map<Long, Batch> waiting = new HashMap<>();
  private long next;
  private long bytes;
  private boolean closed;

  @Override
  public synchronized long append(Batch batch) {
    if (closed) {
      throw new IllegalStateException("the segment is closed");
    }
    waiting.put(next, batch);
    bytes += batch.sizeBytes();
    return next++;
  }

  @Override
  public synchronized Batch take(long handle) {
    Batch batch = waiting.remove(handle);
    if (batch == null) {
      throw new IllegalStateException(
          closed ? "the segment is closed" : "batch " + handle + " is not here");
    }
    bytes -= batch.sizeBytes();
    return batch;
  }

  @Override
  public synchronized void drop(long handle) {
    Batch batch = waiting.remove(handle);
    bytes -= batch == null ? 0 : batch.sizeBytes();
  }

  @Override
  public synchronized long bytes() {
    return bytes;
  }

  @Override
  public synchronized void close() {
    closed = true;
    waiting.clear();
    bytes = 0;
  }
}
