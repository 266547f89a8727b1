package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import java.util.ArrayList;
import java.util.List;
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

  /** Where a batch is that was put into a segment. */
  record Stored(Part part, Tier tier, long handle) {}

  /** What lies, and lay, in one place. */
  static final class Tier {
    private final String name;
    private @Nullable Part part;
    private long waitingBytes;
    private long appendedBytes;
    private int opened;

    private Tier(String name) {
      this.name = name;
    }
  }

  private final SegmentKind kind;
  private final String what;

  /** One, or two where there is another for what the first has no room for. */
  private final List<Tier> tiers = new ArrayList<>();

  private @Nullable Part last;
  private boolean ended;

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
      }
      part.taken += bytes;
      part.waiting++;
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
      String place = part.segment.place(handle);
      Tier tier = put(part, place == null ? kind.name() : place, bytes);
      done = true;
      return new Cell(null, bytes, weight, batch.count(), new Stored(part, tier, handle));
    } finally {
      if (!done) {
        left(part, null, bytes);
      }
    }
  }

  private synchronized Tier put(Part part, String name, long bytes) {
    Tier tier = null;
    for (Tier known : tiers) {
      tier = known.name.equals(name) ? known : tier;
    }
    if (tier == null) {
      tier = new Tier(name);
      tiers.add(tier);
    }
    if (tier.part != part) {
      tier.part = part;
      tier.opened++;
    }
    tier.waitingBytes += bytes;
    tier.appendedBytes += bytes;
    return tier;
  }

  Batch take(Stored stored, long bytes) {
    try {
      return stored.part.segment.take(stored.handle);
    } finally {
      left(stored.part, stored.tier, bytes);
    }
  }

  void drop(Stored stored, long bytes) {
    stored.part.segment.drop(stored.handle);
    left(stored.part, stored.tier, bytes);
  }

  private void left(Part part, @Nullable Tier from, long bytes) {
    synchronized (this) {
      part.waiting--;
      if (from != null) {
        from.waitingBytes -= bytes;
      }
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

  synchronized List<CompositePipe.Place> places() {
    return tiers.stream()
        .map(t -> new CompositePipe.Place(t.name, t.waitingBytes, t.appendedBytes, t.opened))
        .toList();
  }

  long waitingBytes() {
    return places().stream().mapToLong(CompositePipe.Place::bytesWaiting).sum();
  }

  long appendedBytes() {
    return places().stream().mapToLong(CompositePipe.Place::bytesSoFar).sum();
  }
}
