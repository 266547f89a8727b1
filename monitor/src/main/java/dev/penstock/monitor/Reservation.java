package dev.penstock.monitor;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that one holder (a hash table, a buffer) has taken from a budget. Reserve before
 * allocating, at capacity.
 *
 * <p>Concurrency: any thread may grow, shrink or close; the held figure is atomic. After close,
 * growing throws.
 */
public final class Reservation implements AutoCloseable {
  private static final long CLOSED = Long.MIN_VALUE;
  private final Budget budget;
  private final String what;
  private final AtomicLong held = new AtomicLong();

  Reservation(Budget budget, String what) {
    this.budget = budget;
    this.what = what;
  }

  /** Takes bytes more, or throws LIMIT (nothing is taken then). */
  public void grow(long bytes) {
    budget.reserve(bytes, what);
    add(bytes);
  }

  /** Takes bytes more if they fit. */
  public boolean tryGrow(long bytes) {
    if (!budget.tryReserve(bytes)) {
      return false;
    }
    add(bytes);
    return true;
  }

  private void add(long bytes) {
    for (; ; ) {
      long now = held.get();
      if (now == CLOSED) {
        budget.release(bytes);
        throw new IllegalStateException(what + ": the reservation is closed");
      }
      if (held.compareAndSet(now, now + bytes)) {
        return;
      }
    }
  }

  /** Gives bytes back. */
  public void shrink(long bytes) {
    for (; ; ) {
      long now = held.get();
      if (now == CLOSED) {
        return;
      }
      if (bytes > now) {
        throw new IllegalArgumentException(what + " holds " + now + " bytes, not " + bytes);
      }
      if (held.compareAndSet(now, now - bytes)) {
        budget.release(bytes);
        return;
      }
    }
  }

  /** Sets what is held to exactly these bytes. */
  public void resize(long bytes) {
    long now = heldBytes();
    if (bytes > now) {
      grow(bytes - now);
    } else if (bytes < now) {
      shrink(now - bytes);
    }
  }

  public long heldBytes() {
    return Math.max(0, held.get());
  }

  @Override
  public void close() {
    long was = held.getAndSet(CLOSED);
    if (was > 0) {
      budget.release(was);
    }
  }
}
