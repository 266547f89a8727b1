package dev.penstock.compiler;

import dev.penstock.compiler.queries.Query;
import dev.penstock.monitor.PenstockException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets queries begin: one whose least memory is not there waits, by priority and in the order of
 * arrival, until others have ended, its time is over, or it is cancelled.
 *
 * <p>Concurrency: {@code running} and {@code waiting} under the monitor; a start is tried outside
 * it, by the caller's thread. A cancelled token wakes those who wait.
 */
final class Admission {
  private final IntConsumer refusals;
  private final List<Query> waiting = new ArrayList<>();
  private int running;
  private int refused;
  private long ended;

  /**
   * @param refusals told each time how many queries were refused and wait; not under a lock
   */
  Admission(IntConsumer refusals) {
    this.refusals = refusals;
  }

  /**
   * Starts a plan of a query, perhaps after waiting. Blocking.
   *
   * @param start builds and starts it, or throws LIMIT {@code memory-cap} and leaves nothing; for
   *     each that succeeds {@link #ended} is to be called once
   * @param query waits at most as long as its queue timeout says
   */
  <T> T enter(Supplier<T> start, Query query) {
    Wait wait = new Wait(query);
    synchronized (this) {
      waiting.add(query);
    }
    try {
      for (; ; ) {
        wait.until(() -> first() == query || running == 0, null);
        long seen;
        synchronized (this) {
          seen = ended;
          running++;
        }
        try {
          query.token().check();
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
            wait.until(() -> seen != ended || running == 0, e);
          } finally {
            refused(-1);
          }
        } catch (Error e) {
          ended();
          throw e;
        }
      }
    } finally {
      wait.over();
      synchronized (this) {
        waiting.remove(query);
        notifyAll();
      }
    }
  }

  /** The one that is next; under the monitor. */
  private @Nullable Query first() {
    Query best = null;
    for (Query query : waiting) {
      if (best == null || query.priority().compareTo(best.priority()) > 0) {
        best = query;
      }
    }
    return best;
  }

  /** How one query waits. */
  private final class Wait {
    private final Query query;
    private final Runnable wake = this::wakes;
    private long beganNanos;
    private boolean began;

    Wait(Query query) {
      this.query = query;
    }

    private void wakes() {
      synchronized (Admission.this) {
        Admission.this.notifyAll();
      }
    }

    /**
     * @param ready asked under the monitor
     * @param refusal why it waits; null: others came first
     */
    void until(BooleanSupplier ready, @Nullable RuntimeException refusal) {
      synchronized (Admission.this) {
        if (ready.getAsBoolean()) {
          return;
        }
      }
      if (!began) {
        began = true;
        beganNanos = System.nanoTime();
        query.queued(wake);
        query.token().onCancel(wake);
      }
      synchronized (Admission.this) {
        while (!ready.getAsBoolean()) {
          query.token().check();
          await(refusal);
        }
      }
    }

    private void await(@Nullable RuntimeException refusal) {
      Duration most = query.queueTimeout();
      long left = most.toNanos() - (System.nanoTime() - beganNanos);
      if (left <= 0) {
        throw PenstockException.limit(
            "memory-cap",
            "waited "
                + most.toSeconds()
                + " s for memory that other queries hold"
                + (refusal == null ? "" : ": " + refusal.getMessage()));
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(Admission.this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PenstockException(
            PenstockException.Category.CANCELLED,
            "cancelled",
            "the thread that starts a query was interrupted while it waited for memory",
            e);
      }
    }

    void over() {
      if (began) {
        query.token().removeListener(wake);
        query.queued(null);
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

  /** A query has ended and given its memory back. */
  synchronized void ended() {
    running--;
    ended++;
    notifyAll();
  }

  /** Waits until none runs, or the time is over; an interrupt ends it too. */
  synchronized void awaitNone(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    long left = longest.toNanos();
    try {
      while (running > 0 && left > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = deadline - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Queries that wait. */
  synchronized int waiting() {
    return waiting.size();
  }
}
