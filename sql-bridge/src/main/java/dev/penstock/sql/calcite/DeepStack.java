package dev.penstock.sql.calcite;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Runs what recurses over a statement: long statements on a thread with a stack that is deep enough
 * for them. Blocking; the thread ends with the call.
 */
public final class DeepStack {
  private static final int SHORT = 600;
  private static final long BYTES_PER_TOKEN = 16 << 10;
  private static final long MOST = 512L << 20;

  private DeepStack() {}

  /**
   * @param tokens how long the statement is
   */
  public static <T> T call(int tokens, Supplier<T> work) {
    if (tokens <= SHORT) {
      return work.get();
    }
    AtomicReference<T> result = new AtomicReference<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable body =
        () -> {
          try {
            result.set(work.get());
          } catch (RuntimeException | Error e) {
            failure.set(e);
          }
        };
    Thread thread = new Thread(null, body, "sql-planner", Math.min(MOST, tokens * BYTES_PER_TOKEN));
    thread.setDaemon(true);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable failed = failure.get();
    if (failed instanceof RuntimeException e) {
      throw e;
    }
    if (failed instanceof Error e) {
      throw e;
    }
    return result.get();
  }
}
