package dev.penstock.cli;

import dev.penstock.compiler.Result;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A line on standard error about a query that takes its time; only on a terminal, only after a second. */
final class Progress implements AutoCloseable {
  private static final long EVERY_MILLIS = 250;
  private static final long QUIET_MILLIS = 1000;

  private final Result result;
  private final long start = System.nanoTime();
  private final @Nullable ScheduledExecutorService timer;
  private volatile long rows;
  private boolean shown;

  private Progress(Result result, boolean terminal) {
    this.result = result;
    if (!terminal) {
      timer = null;
      return;
    }
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread t = new Thread(task, "penstock-progress");
              t.setDaemon(true);
              return t;
            });
    timer.scheduleAtFixedRate(this::show, QUIET_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  static Progress start(Result result) {
    return new Progress(result, System.console() != null && System.getenv("TERM") != null);
  }

  /** Rows that were written more. Called by one thread. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
  void rows(int more) {
    rows += more;
  }

  private synchronized void show() {
    if (timer == null || timer.isShutdown()) {
      return;
    }
    shown = true;
    System.err.printf(
        Locale.ROOT,
        "\r\033[K%.1f s, %,d rows, %,d MiB of memory; Ctrl-C cancels",
        (System.nanoTime() - start) / 1e9,
        rows,
        result.memoryBytes() >> 20);
    System.err.flush();
  }

  /** Takes the line away. Idempotent. */
  @Override
  public synchronized void close() {
    if (timer != null) {
      timer.shutdownNow();
    }
    if (shown) {
      System.err.print("\r\033[K");
      System.err.flush();
      shown = false;
    }
  }
}
