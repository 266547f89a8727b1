package dev.penstock.nodes;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The control word of a node: two bits a lane say what its permit is doing.
 *
 * <pre>
 * bits   63 62 ... 3 2 1 0
 * lane    31  ...   1   0
 * 00 IDLE         nobody has the permit
 * 01 ACTIVE       a task is submitted or runs, and will see all that was signalled before
 * 10 RESIGNALLED  a task runs, and something was signalled since it began to look
 * 11 DONE         for ever
 * </pre>
 *
 * <p>Whoever moves a lane from IDLE to ACTIVE submits its one task. A task that finds nothing moves
 * ACTIVE to IDLE; if that fails it was signalled meanwhile, and looks again. So no signal is lost
 * and a lane never runs twice at once. The task that moves the last lane to DONE runs the close
 * task, exactly once. All changes are compare-and-set on one word: full fences.
 */
final class Lanes {
  static final int MAX = 32;
  private static final long IDLE = 0;
  private static final long ACTIVE = 1;
  private static final long RESIGNALLED = 2;
  private static final long DONE = 3;

  private final AtomicLong word = new AtomicLong();
  private final int count;

  Lanes(int count) {
    if (count < 1 || count > MAX) {
      throw new IllegalArgumentException("a node has 1 to " + MAX + " permits, not " + count);
    }
    this.count = count;
  }

  /**
   * Something may be to do: returns a bit set of the lanes for which the caller must submit a task.
   */
  int signal() {
    for (; ; ) {
      long now = word.get();
      long next = now;
      int submit = 0;
      for (int lane = 0; lane < count; lane++) {
        long state = now >>> 2 * lane & 3;
        if (state == IDLE) {
          next |= ACTIVE << 2 * lane;
          submit |= 1 << lane;
        } else if (state == ACTIVE) {
          next += (RESIGNALLED - ACTIVE) << 2 * lane;
        }
      }
      if (next == now || word.compareAndSet(now, next)) {
        return submit;
      }
    }
  }

  /** The lane's task is about to look at its pipes: what was signalled until now, it will see. */
  void looking(int lane) {
    long now;
    while (((now = word.get()) >>> 2 * lane & 3) == RESIGNALLED) {
      word.compareAndSet(now, now - ((RESIGNALLED - ACTIVE) << 2 * lane));
    }
  }

  /** The lane's task found nothing to do; false means: look again. */
  boolean idle(int lane) {
    for (; ; ) {
      long now = word.get();
      if ((now >>> 2 * lane & 3) != ACTIVE) {
        looking(lane);
        return false;
      }
      if (word.compareAndSet(now, now & ~(3L << 2 * lane))) {
        return true;
      }
    }
  }

  /** The lane ends for ever; true for the one call that ended the last lane. */
  boolean done(int lane) {
    for (; ; ) {
      long now = word.get();
      long next = now | DONE << 2 * lane;
      if (word.compareAndSet(now, next)) {
        long all = count == MAX ? -1L : (1L << 2 * count) - 1;
        return next == all && now != all;
      }
    }
  }

  /** Whether all lanes have ended. */
  boolean areDone() {
    long all = count == MAX ? -1L : (1L << 2 * count) - 1;
    return word.get() == all;
  }

  /** Lanes whose task is submitted or runs: permits in use. */
  int active() {
    long now = word.get();
    int n = 0;
    for (int lane = 0; lane < count; lane++) {
      long state = now >>> 2 * lane & 3;
      n += state == ACTIVE || state == RESIGNALLED ? 1 : 0;
    }
    return n;
  }
}
