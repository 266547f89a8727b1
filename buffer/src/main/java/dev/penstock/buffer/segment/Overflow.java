package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one pipe that are not on the heap, one after another: a segment that has taken
 * its share gets no more, and is closed when its last batch is gone.
 *
 * <p>Concurrency: fields are under the monitor; nothing is written, read or closed under it.
 */
final class Overflow {
  /**
   * Bytes of batches after which the next segment begins: what is read gets free in such pieces.
   */
  private static final long SEGMENT_BYTES = 64L << 20;

  /** A segment and the batches in it that wait, or are being written or read. */
  static final class Part {
    private final Segment segment;
    private long taken;
    private int waiting;

    private Part(Segment segment) {
      this.segment = segment;
    }
  }

  private final SegmentKind kind;
  private final String what;
  private @Nullable Part last;
  private boolean ended;
  private long waitingBytes;
  private long appendedBytes;
  private int opened;

  Overflow(SegmentKind kind, String what) {
    this.kind = kind;
    this.what = what;
  }

  /** The part that takes the next batch, which is counted as waiting in it. */
  private Part next(long bytes) {
    Part full = null;
    Part part;
    synchronized (this) {
      part = last;
      if (part == null || part.taken >= SEGMENT_BYTES) {
        full = part;
        part = new Part(kind.open(what));
        last = part;
        opened++;
      }
      part.taken += bytes;
      part.waiting++;
      waitingBytes += bytes;
      appendedBytes += bytes;
    }
    if (full != null) {
      closeWhenEmpty(full);
    }
    return part;
  }

  /** Writes a batch; the cell finds it again. */
  Cell append(Batch batch, long bytes, long weight) {
    Part part = next(bytes);
    boolean done = false;
    try {
      long handle = part.segment.append(batch);
      done = true;
      return new Cell(null, bytes, weight, part, handle);
    } finally {
      if (!done) {
        left(part, bytes);
      }
    }
  }

  Batch take(Part part, long handle, long bytes) {
    try {
      return part.segment.take(handle);
    } finally {
      left(part, bytes);
    }
  }

  void drop(Part part, long handle, long bytes) {
    part.segment.drop(handle);
    left(part, bytes);
  }

  private void left(Part part, long bytes) {
    synchronized (this) {
      part.waiting--;
      waitingBytes -= bytes;
    }
    closeWhenEmpty(part);
  }

  /** The pipe takes nothing more. */
  void end() {
    Part part;
    synchronized (this) {
      ended = true;
      part = last;
    }
    if (part != null) {
      closeWhenEmpty(part);
    }
  }

  private void closeWhenEmpty(Part part) {
    synchronized (this) {
      if (part.waiting > 0 || (part == last && !ended)) {
        return;
      }
      if (part == last) {
        last = null;
      }
    }
    part.segment.close();
  }

  String kindName() {
    return kind.name();
  }

  synchronized long waitingBytes() {
    return waitingBytes;
  }

  synchronized long appendedBytes() {
    return appendedBytes;
  }

  synchronized int opened() {
    return opened;
  }
}
