package dev.penstock.cli;

import dev.penstock.compiler.Result;
import dev.penstock.monitor.CancellationToken;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C while a query runs: cancels it and waits a little until it has ended and its partial output is gone.
 *
 * <p>The JVM runs a shutdown hook on SIGINT and SIGTERM; the exit code is then the JVM's own, 130 or 143.
 */
final class Interrupts implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 5;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "penstock-interrupt");
  private volatile @Nullable Result result;

  Interrupts() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  void cancels(Result running) {
    result = running;
  }

  private void interrupted() {
    Result running = result;
    if (running != null) {
      running.token().cancel(CancellationToken.Reason.PERSON, "cancelled");
    }
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("penstock: the query did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // shutting down already: the hook has done its work
      return;
    }
  }
}
