package dev.penstock.sql.differential;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Cancels what takes too long.
 *
 * <p>Concurrency: {@code late} is written by the timer before it cancels, and read by whoever sees
 * the cancelled work fail; volatile.
 */
final class Watch implements AutoCloseable {
  private static final long LIMIT_SECONDS = 10;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "differential-watch");
            t.setDaemon(true);
            return t;
          });

  Turn start(Runnable cancel) {
    return new Turn(cancel);
  }

  /** One piece of work. */
  final class Turn implements AutoCloseable {
    private final ScheduledFuture<?> alarm;
    private volatile boolean late;

    private Turn(Runnable cancel) {
      alarm =
          timer.schedule(
              () -> {
                late = true;
                cancel.run();
              },
              LIMIT_SECONDS,
              TimeUnit.SECONDS);
    }

    boolean isLate() {
      return late;
    }

    @Override
    public void close() {
      alarm.cancel(false);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
