package dev.penstock.compiler;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Lets queries begin: one whose least memory is not there waits, in the order of arrival, until
 * others have ended or its time is over.
 *
 * <p>Concurrency: {@code running} and {@code waiting} under the monitor; a start is tried outside
 * it, by the caller's thread.
 */
final class Admission {
  private final long waitNanos;
  private final IntConsumer refusals;
  private final Deque<Object> waiting = new ArrayDeque<>();
  private int running;
  private int refused;
  private long ended;

  Admission(long waitMillis) {
    this(waitMillis, refused -> {});
  }

  /**
   * @param refusals told each time how many queries were refused and wait; not under a lock
   */
  Admission(long waitMillis, IntConsumer refusals) {
    this.refusals = refusals;
    this.waitNanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
  }

  /**
   * Starts a query, perhaps after waiting. Blocking.
   *
   * @param start builds and starts it, or throws LIMIT {@code memory-cap} and leaves nothing; for
   *     each that succeeds {@link #ended} is to be called once
   */
  <T> T enter(Supplier<T> start) {
    Object ticket = new Object();
    long deadline = System.nanoTime() + waitNanos;
    long seen;
    synchronized (this) {
      waiting.add(ticket);
    }
    try {
      for (; ; ) {
        synchronized (this) {
          while (waiting.peek() != ticket && running > 0) {
            await(deadline, null);
          }
          seen = ended;
          running++;
        }
        try {
          return start.get();
        } catch (RuntimeException e) {
          synchronized (this) {
            running--;
            if (!isMemory(e) || (running == 0 && seen == ended)) {
              throw e;
            }
          }
          refused(1);
          try {
            synchronized (this) {
              while (seen == ended && running > 0) {
                await(deadline, e);
              }
            }
          } finally {
            refused(-1);
          }
        } catch (Error e) {
          ended();
          throw e;
        }
      }
    } finally {
      synchronized (this) {
        waiting.remove(ticket);
        notifyAll();
      }
    }
  }

  private void refused(int more) {
    int now;
    synchronized (this) {
      refused += more;
      now = refused;
    }
    refusals.accept(now);
  }

  private static boolean isMemory(RuntimeException e) {
    return e instanceof PenstockException p && p.code().equals("memory-cap");
  }

  private void await(long deadline, @org.jspecify.annotations.Nullable RuntimeException refusal) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw PenstockException.limit(
          "memory-cap",
          "waited "
              + TimeUnit.NANOSECONDS.toSeconds(waitNanos)
              + " s for memory that other queries hold"
              + (refusal == null ? "" : ": " + refusal.getMessage()));
    }
    try {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PenstockException(
          PenstockException.Category.CANCELLED,
          "cancelled",
          "the thread that starts a query was interrupted while it waited for memory",
          e);
    }
  }

  /** A query has ended and given its memory back. */
  synchronized void ended() {
    running--;
    ended++;
    notifyAll();
  }

  /** Queries that wait. */
  synchronized int waiting() {
    return Math.max(0, waiting.size());
  }
}
