package dev.penstock.buffer.spill;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of {@link Stage}s, made as they are needed and kept. A fixed overhead of the
 * process: {@link #MOST} times 1 MiB (2 MiB where blocks are compressed) of direct memory at most.
 *
 * <pre>
 * kept       by a file between two writes: at most MOST - SHORT
 * borrowed   for one call, by its thread: waits until one is free, which takes no longer than
 *            other threads' calls; whoever waits holds none
 * </pre>
 *
 * <p>Where the JVM has less direct memory the pool is as large as that allows.
 *
 * <p>Concurrency: fields are under the monitor.
 */
final class Stages {
  /** Never kept, so that calls need not wait for long. */
  private static final int SHORT = Math.min(16, Runtime.getRuntime().availableProcessors() + 2);

  static final int MOST = 3 * SHORT;

  private final ArrayDeque<Stage> free = new ArrayDeque<>();
  private int most = MOST;
  private int made;
  private int kept;

  /** For one call; waits when all are in use. */
  synchronized Stage borrow() {
    boolean interrupted = false;
    try {
      for (; ; ) {
        Stage stage = free.isEmpty() && made < most ? make() : free.poll();
        if (stage != null) {
          return stage;
        }
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true; // the wait is for other threads' calls only, and short
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A new one; null when there is no direct memory for it, and one of those made will be free. */
  private @Nullable Stage make() {
    try {
      Stage stage = new Stage();
      made++;
      return stage;
    } catch (OutOfMemoryError e) {
      most = made;
      if (made == 0) {
        throw new PenstockException(
            PenstockException.Category.LIMIT,
            "direct-memory",
            "spilling needs buffers of 1 MiB, and the JVM has no direct memory for one; raise"
                + " -XX:MaxDirectMemorySize",
            e);
      }
      return null;
    }
  }

  /**
   * Whether the one who borrowed a stage may keep it beyond its call: only when there is another
   * one, which is not kept.
   */
  synchronized boolean keep() {
    if (kept >= MOST - SHORT) {
      return false;
    }
    if (kept + 1 == made) {
      Stage other = made < most ? make() : null;
      if (other == null) {
        return false;
      }
      free.push(other);
      notify();
    }
    kept++;
    return true;
  }

  synchronized void giveBack(Stage stage, boolean wasKept) {
    if (wasKept) {
      kept--;
    }
    free.push(stage);
    notify();
  }

  /** Stages in somebody's hands. */
  synchronized int inUse() {
    return made - free.size();
  }
}
