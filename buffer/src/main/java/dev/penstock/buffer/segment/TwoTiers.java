package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.PenstockException;
import org.jspecify.annotations.Nullable;

/** Segments of one kind, and of another where the first has no room. */
record TwoTiers(SegmentKind near, SegmentKind far) implements SegmentKind {
  @Override
  public String name() {
    return near.name();
  }

  @Override
  public Segment open(String what) {
    return new Both(near.open(what), near.name(), far, what);
  }

  /**
   * A handle is that of the tier, times two, and one for the far tier.
   *
   * <p>Concurrency: {@code beyond} and {@code closed} under the monitor; the tiers take care of
   * themselves.
   */
  private static final class Both implements Segment {
    private final Segment here;
    private final String hereName;
    private final SegmentKind far;
    private final String what;
    private @Nullable Segment beyond;
    private boolean closed;

    Both(Segment here, String hereName, SegmentKind far, String what) {
      this.here = here;
      this.hereName = hereName;
      this.far = far;
      this.what = what;
    }

    @Override
    public long append(Batch batch) {
      try {
        return here.append(batch) << 1;
      } catch (PenstockException e) {
        if (e.category() != PenstockException.Category.LIMIT) {
          throw e;
        }
        return beyond(true).append(batch) << 1 | 1;
      }
    }

    private synchronized Segment beyond(boolean opens) {
      if (closed) {
        throw new IllegalStateException("the segment is closed");
      }
      Segment segment = beyond;
      if (segment == null) {
        if (!opens) {
          throw new IllegalStateException("nothing is in the far tier");
        }
        segment = far.open(what);
        beyond = segment;
      }
      return segment;
    }

    @Override
    public Batch take(long handle) {
      return (handle & 1) == 0 ? here.take(handle >> 1) : beyond(false).take(handle >> 1);
    }

    @Override
    public void drop(long handle) {
      if ((handle & 1) == 0) {
        here.drop(handle >> 1);
        return;
      }
      Segment segment;
      synchronized (this) {
        segment = beyond;
      }
      if (segment != null) {
        segment.drop(handle >> 1);
      }
    }

    @Override
    public String place(long handle) {
      boolean isHere = (handle & 1) == 0;
      String place = (isHere ? here : beyond(false)).place(handle >> 1);
      return place != null ? place : isHere ? hereName : far.name();
    }

    @Override
    public long bytes() {
      Segment segment;
      synchronized (this) {
        segment = beyond;
      }
      return here.bytes() + (segment == null ? 0 : segment.bytes());
    }

    @Override
    public void close() {
      Segment segment;
      synchronized (this) {
        closed = true;
        segment = beyond;
      }
      try (segment) {
        here.close();
      }
    }
  }
}
