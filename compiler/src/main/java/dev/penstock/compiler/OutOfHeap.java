package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.segment.MappedKind;
import dev.penstock.buffer.segment.Segment;
import dev.penstock.buffer.segment.SegmentKind;
import dev.penstock.buffer.segment.Segments;
import dev.penstock.buffer.spill.DirectorySpill;
import dev.penstock.monitor.CancellationToken;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Where pipes put what they do not keep on the heap: memory-mapped segments (Chronicle Queues where
 * the JVM has their flags), and objects beyond the quota where the engine has an object store.
 *
 * <p>Concurrency: thread-safe, as the kinds are.
 */
final class OutOfHeap implements AutoCloseable {
  private static final long MOST_AHEAD_BYTES = 4L << 30;

  private final DirectorySpill space;
  private final SegmentKind near;

  OutOfHeap(DirectorySpill space) {
    this.space = space;
    this.near = Segments.mappedByBest(space);
  }

  /** For the pipes of one query. */
  SegmentKind kind(CancellationToken token) {
    return space.overflows() ? Segments.orBeyond(near, Segments.disk(space, token)) : near;
  }

  /** So much one result may put there ahead of its reader. */
  long aheadBytes() {
    return Math.min(MOST_AHEAD_BYTES, Math.max(1, space.quotaBytes() / 4));
  }

  /** After the segments. */
  @Override
  public void close() {
    if (near instanceof MappedKind mapped) {
      mapped.close();
    }
  }

  /** A kind that counts what is put into its segments. */
  static final class Metered implements SegmentKind {
    private final SegmentKind kind;
    private final LongAdder bytes;

    Metered(SegmentKind kind) {
      this.kind = kind;
      this.bytes = new LongAdder();
    }

    /** Bytes of batches that were put there. */
    long bytes() {
      return bytes.sum();
    }

    @Override
    public String name() {
      return kind.name();
    }

    @Override
    public Segment open(String what) {
      Segment segment = kind.open(what);
      return new Segment() {
        @Override
        public long append(Batch batch) {
          long handle = segment.append(batch);
          bytes.add(batch.sizeBytes());
          return handle;
        }

        @Override
        public Batch take(long handle) {
          return segment.take(handle);
        }

        @Override
        public void drop(long handle) {
          segment.drop(handle);
        }

        @Override
        public @Nullable String place(long handle) {
          return segment.place(handle);
        }

        @Override
        public long bytes() {
          return segment.bytes();
        }

        @Override
        public void close() {
          segment.close();
        }
      };
    }
  }
}
