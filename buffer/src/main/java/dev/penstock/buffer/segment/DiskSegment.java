package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.spill.SpillFile;
import dev.penstock.buffer.spill.SpillSpace;
import dev.penstock.monitor.CancellationToken;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Blocks in a spill file, past the page cache; its room is given free when it is closed.
 *
 * <p>Concurrency: {@code gone} and {@code count} under their monitor; the file takes care of
 * itself.
 */
final class DiskSegment implements Segment {
  private final SpillFile file;
  private final BitSet gone = new BitSet();
  private boolean closed;

  private DiskSegment(SpillFile file) {
    this.file = file;
  }

  /** Segments below a spill space; blocks are neither written nor read once the token says so. */
  static SegmentKind in(SpillSpace space, CancellationToken token) {
    return new SegmentKind() {
      @Override
      public String name() {
        return "disk";
      }

      @Override
      public Segment open(String what) {
        return new DiskSegment(space.create(what, token));
      }
    };
  }

  @Override
  public synchronized long append(Batch batch) {
    if (closed) {
      throw new IllegalStateException("the segment is closed");
    }
    return file.write(batch);
  }

  @Override
  public Batch take(long handle) {
    claim(handle);
    return file.read(handle);
  }

  private void claim(long handle) {
    synchronized (gone) {
      if (closed || gone.get((int) handle)) {
        throw new IllegalStateException(
            closed ? "the segment is closed" : "batch " + handle + " is not here");
      }
      gone.set((int) handle);
    }
  }

  @Override
  public void drop(long handle) {
    synchronized (gone) {
      gone.set((int) handle);
    }
  }

  @Override
  public @Nullable String place(long handle) {
    return file.isBeyond(handle) ? "object" : null;
  }

  @Override
  public long bytes() {
    return isClosed() ? 0 : file.sizeBytes();
  }

  private boolean isClosed() {
    synchronized (gone) {
      return closed;
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      synchronized (gone) {
        closed = true;
      }
    }
    file.close();
  }
}
