package dev.penstock.compiler.queries;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what is due: deadlines. Its one thread begins with the first and ends when none is left.
 *
 * <p>Concurrency: that of the executor.
 */
final class Timers implements AutoCloseable {
  private static final int KEEP_ALIVE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor executor;

  Timers() {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread t = new Thread(task, "penstock-timer");
              t.setDaemon(true);
              return t;
            });
    executor.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Runs a task later, on the timer's thread: quick, it must not throw. What is given takes it
   * back.
   */
  Runnable after(long nanos, Runnable task) {
    try {
      var later = executor.schedule(task, Math.max(0, nanos), TimeUnit.NANOSECONDS);
      return () -> later.cancel(false);
    } catch (RejectedExecutionException e) { // the engine is closing, and cancels everything
      return () -> {};
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
