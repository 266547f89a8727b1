package dev.penstock.benchmarks.sqllogictest;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.sql.NullOrder;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An engine with a session, and a limit of time for each text that it runs.
 *
 * <p>Concurrency: one caller. Texts run one by one on one thread of its own; {@code running} and
 * {@code abandoned} are the only fields that both threads touch.
 */
final class Runner implements AutoCloseable {
  /** A text did not stop after it was cancelled: nothing more can be run here. */
  static final class Stuck extends Exception {
    private static final long serialVersionUID = 1L;

    Stuck() {
      super("did not stop when cancelled");
    }
  }

  /** The columns and rows of the last statement of a text. */
  record Rows(List<DataType> types, List<@Nullable Object[]> rows) {}

  private final Engine engine;
  private final SqlSession session;
  private final Duration limit;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread t = new Thread(task, "sqllogictest");
            t.setDaemon(true);
            return t;
          });
  private final AtomicReference<@Nullable Result> running = new AtomicReference<>();
  private volatile boolean abandoned;

  Runner(Dialect dialect, Path directory, Duration limit) {
    this.limit = limit;
    engine = Engine.create(EngineOptions.defaults().withBaseDirectory(directory, false));
    session = new SqlSession(engine);
    session.watch(running::set);
    if (dialect == Dialect.SQLITE) {
      session.settings().integerDivision(true);
      session.settings().nullOrder(NullOrder.LOWEST);
    }
  }

  /** Runs all statements of a text; the rows are those of the last. */
  Rows run(String sql) throws Throwable {
    abandoned = false;
    Future<Rows> future = thread.submit(() -> statements(sql));
    try {
      return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      abandoned = true;
      Result result = running.get();
      if (result != null) {
        result.cancel("the time limit of " + limit.toSeconds() + " s");
      }
      return afterLimit(future);
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  private Rows afterLimit(Future<Rows> future) throws Throwable {
    try {
      return future.get(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new Stuck();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  private Rows statements(String sql) {
    Rows rows = new Rows(List.of(), List.of());
    for (Statement statement : SqlSession.statements(sql, "")) {
      try (Result result = session.execute(statement)) {
        running.set(result);
        if (abandoned) {
          result.cancel("the time limit of " + limit.toSeconds() + " s");
        }
        List<DataType> types = new ArrayList<>();
        for (Field field : result.schema().fields()) {
          types.add(field.type());
        }
        rows = new Rows(types, result.rows());
      } finally {
        running.set(null);
      }
    }
    return rows;
  }

  /** Ends the engine, unless a text still runs on it that does not stop. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (thread.awaitTermination(1, TimeUnit.SECONDS)) {
        engine.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
