package dev.penstock.cli;

import dev.penstock.compiler.Result;
import dev.penstock.monitor.CancellationToken;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C while a query runs: cancels it and waits until it has ended and its partial output is
 * gone.
 *
 * <p>The JVM runs a shutdown hook on SIGINT and SIGTERM; the exit code is then the JVM's own, 130
 * or 143. Who waits for a slow reader of the standard output leaves nothing behind, and is not
 * waited for as long.
 *
 * <p>Concurrency: {@code token} and {@code happened} are volatile; the query's thread writes the
 * first, the hook the second.
 */
final class Interrupts implements AutoCloseable {
  private static final int FILE_PATIENCE_MILLIS = 10_000;
  private static final int STREAM_PATIENCE_MILLIS = 1_000;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "penstock-interrupt");
  private final PrintStream err;
  private final int patienceMillis;
  private volatile @Nullable CancellationToken token;
  private volatile boolean happened;

  /**
   * @param toFile whether there is a file to remove
   */
  Interrupts(PrintStream err, boolean toFile) {
    this.err = err;
    this.patienceMillis = toFile ? FILE_PATIENCE_MILLIS : STREAM_PATIENCE_MILLIS;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  void cancels(Result running) {
    cancels(running.token());
  }

  void cancels(CancellationToken running) {
    token = running;
    if (happened) {
      cancel(running);
    }
  }

  /** Whether the query was interrupted; its line was then printed. */
  boolean happened() {
    return happened;
  }

  private static void cancel(CancellationToken running) {
    running.cancel(CancellationToken.Reason.PERSON, "cancelled");
  }

  private void interrupted() {
    happened = true;
    CancellationToken running = token;
    if (running != null) {
      cancel(running);
    }
    boolean quiet = true;
    try {
      quiet = ended.await(patienceMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean lasts = !quiet && patienceMillis == FILE_PATIENCE_MILLIS;
    err.println(
        lasts ? "penstock: cancelled, but the query did not end in time" : "penstock: cancelled");
    err.flush();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // shutting down: the hook is running, or will
      happened = true;
    }
    ended.countDown();
  }
}
