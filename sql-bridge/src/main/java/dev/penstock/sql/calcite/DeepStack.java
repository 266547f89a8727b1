package dev.penstock.sql.calcite;

import dev.penstock.compiler.queries.Query;
import dev.penstock.monitor.CancellationToken;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Runs what recurses over a statement: long statements on a thread with a stack that is deep enough
 * for them. Blocking; but who waits for a long statement is free as soon as its query is stopped.
 * The thread then ends by itself where it next looks at the token, and the query with it.
 */
public final class DeepStack {
  private static final int SHORT = 600;
  private static final long BYTES_PER_TOKEN = 16 << 10;
  private static final long MOST = 512L << 20;

  private DeepStack() {}

  /**
   * @param tokens how long the statement is
   * @param query for which this is done
   */
  public static <T> T call(int tokens, Query query, Supplier<T> work) {
    if (tokens <= SHORT) {
      return work.get();
    }
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Runnable release = query.hold();
    Runnable body =
        () -> {
          T result;
          try {
            result = work.get();
          } catch (Throwable e) {
            release.run();
            outcome.completeExceptionally(e);
            return;
          }
          release.run();
          outcome.complete(result);
        };
    Thread thread = new Thread(null, body, "sql-planner", Math.min(MOST, tokens * BYTES_PER_TOKEN));
    thread.setDaemon(true);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.start();
    CancellationToken token = query.token();
    Runnable leave = () -> outcome.completeExceptionally(token.cause());
    token.onCancel(leave);
    try {
      return outcome.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    } finally {
      token.removeListener(leave);
    }
  }
}
