package dev.penstock.benchmarks.sqllogictest;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.NullOrder;
import dev.penstock.sql.SqlCatalog;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
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

  /** Larger results are not kept: about a gigabyte of small values. */
  private static final long MOST_VALUES = 20_000_000;

  /** The columns and rows of the last statement of a text. */
  record Rows(List<DataType> types, List<@Nullable Object[]> rows, boolean isCount) {
    /** Of a statement that changes rows: how many; else how many rows there are. */
    long count() {
      return isCount && rows.get(0)[0] instanceof Number n ? n.longValue() : rows.size();
    }
  }

  private static final Pattern CHANGE =
      Pattern.compile("(?i)\\s*(INSERT|REPLACE|UPDATE|DELETE|TRUNCATE|CREATE|COPY)\\b");

  private final Engine engine;
  private final Dialect dialect;
  private final SqlCatalog catalog;

  /** By name; the first one's is empty. */
  private final Map<String, SqlSession> sessions = new HashMap<>();

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
    this.dialect = dialect;
    catalog = new SqlCatalog(engine);
  }

  private SqlSession open() {
    SqlSession session = new SqlSession(engine, catalog);
    session.watch(running::set);
    if (dialect == Dialect.SQLITE) {
      session.settings().integerDivision(true);
      session.settings().nullOrder(NullOrder.LOWEST);
      session.settings().setOrder(true);
    }
    return session;
  }

  /** The next text of each session begins a new one. */
  void reconnect() {
    sessions.clear();
  }

  /** Runs all statements of a text in a session; the rows are those of the last. */
  Rows run(String sql, String name) throws Throwable {
    abandoned = false;
    SqlSession session = sessions.computeIfAbsent(name, n -> open());
    Future<Rows> future = thread.submit(() -> statements(sql, session));
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

  private Rows statements(String sql, SqlSession session) {
    Rows rows = new Rows(List.of(), List.of(), false);
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
        boolean isCount =
            CHANGE.matcher(statement.written()).lookingAt()
                && types.size() == 1
                && result.schema().field(0).name().equals("count");
        rows = new Rows(types, rows(result, types.size()), isCount);
      } finally {
        running.set(null);
      }
    }
    return rows;
  }

  private static List<@Nullable Object[]> rows(Result result, int columns) {
    List<@Nullable Object[]> out = new ArrayList<>();
    for (Batch batch = result.next(); batch != null; batch = result.next()) {
      if ((long) (out.size() + batch.count()) * columns > MOST_VALUES) {
        throw PenstockException.unsupported(
            "slt-result", "the result has more than " + MOST_VALUES + " values");
      }
      for (int i = 0; i < batch.count(); i++) {
        out.add(batch.row(i));
      }
    }
    return out;
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
