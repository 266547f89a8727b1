package dev.penstock.buffer.spill;

import java.util.ArrayDeque;

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
 * <p>Concurrency: fields are under the monitor.
 */
final class Stages {
  /** Never kept, so that calls need not wait for long. */
  private static final int SHORT = Math.min(32, Runtime.getRuntime().availableProcessors() + 2);

  static final int MOST = 3 * SHORT;

  private final ArrayDeque<Stage> free = new ArrayDeque<>();
  private int made;
  private int kept;

  /** For one call; waits when all are in use. */
  synchronized Stage borrow() {
    boolean interrupted = false;
    while (free.isEmpty() && made == MOST) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // the wait is for other threads' calls only, and short
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Stage stage = free.poll();
    if (stage != null) {
      return stage;
    }
    stage = new Stage();
    made++;
    return stage;
  }

  /** Whether the one who borrowed a stage may keep it beyond its call. */
  synchronized boolean keep() {
    if (kept == MOST - SHORT) {
      return false;
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
