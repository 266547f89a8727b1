package dev.penstock.monitor;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A tree of byte budgets: engine, query, node. A child's bytes count in every ancestor; a request
 * that does not fit anywhere on the way up is refused whole.
 *
 * <p>Concurrency: {@code used} and {@code peak} are atomics; a reservation climbs the tree with
 * compare-and-set and rolls back when an ancestor refuses. No lock is held.
 */
public final class Budget implements AutoCloseable {
  private final String name;
  private final @Nullable Budget parent;
  private final long capBytes;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();

  private Budget(String name, @Nullable Budget parent, long capBytes) {
    if (capBytes < 0) {
      throw new IllegalArgumentException("a cap is not negative: " + capBytes);
    }
    this.name = name;
    this.parent = parent;
    this.capBytes = capBytes;
  }

  /** The root of a tree. */
  public static Budget root(String name, long capBytes) {
    return new Budget(name, null, capBytes);
  }

  /** A child that may hold at most capBytes, and never more than what is left above it. */
  public Budget child(String childName, long childCapBytes) {
    return new Budget(childName, this, childCapBytes);
  }

  public Budget child(String childName) {
    return new Budget(childName, this, Long.MAX_VALUE);
  }

  /** A counted holding in this budget; close gives it all back. */
  public Reservation open(String what) {
    return new Reservation(this, what);
  }

  /** Takes bytes if they fit in this budget and all above it. */
  public boolean tryReserve(long bytes) {
    return firstRefusing(bytes) == null;
  }

  /** Takes bytes or throws a LIMIT error that names the budget that refused and its figures. */
  public void reserve(long bytes, String what) {
    Budget refusing = firstRefusing(bytes);
    if (refusing != null) {
      throw PenstockException.limit(
          "memory-cap",
          what
              + " needs "
              + bytes
              + " bytes more, but "
              + refusing.name
              + " holds "
              + refusing.usedBytes()
              + " of at most "
              + refusing.capBytes
              + " bytes; raise the memory cap or make the query smaller");
    }
  }

  private @Nullable Budget firstRefusing(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes are not negative: " + bytes);
    }
    for (Budget b = this; b != null; b = b.parent) {
      long now = b.used.addAndGet(bytes);
      if (now > b.capBytes || now < 0) {
        for (Budget undo = this; ; undo = undo.parent) {
          undo.used.addAndGet(-bytes);
          if (undo == b) {
            return b;
          }
        }
      }
      b.peak.accumulateAndGet(now, Math::max);
    }
    return null;
  }

  /** Gives bytes back. */
  public void release(long bytes) {
    for (Budget b = this; b != null; b = b.parent) {
      long now = b.used.addAndGet(-bytes);
      assert now >= 0 : b.name + " released more than it held: " + now;
    }
  }

  public String name() {
    return name;
  }

  public long capBytes() {
    return capBytes;
  }

  public long usedBytes() {
    return used.get();
  }

  public long peakBytes() {
    return peak.get();
  }

  /** Gives back, in every ancestor, whatever is still held here. */
  @Override
  public void close() {
    long held = used.getAndSet(0);
    if (held != 0 && parent != null) {
      parent.release(held);
    }
  }
}
