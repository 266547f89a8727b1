package dev.penstock.sql.differential;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.SqlSession;
import java.util.List;

/** The engine under test, with some workers and rows in a batch. */
final class Penstock implements AutoCloseable {
  private final Engine engine;
  private final SqlSession session;
  private long planNanos;

  Penstock(int workers, int batchRows) {
    engine =
        Engine.create(
            EngineOptions.defaults()
                .withWorkers(workers)
                .withBatchRows(batchRows)
                .withMemoryBytes(512L << 20)
                .withRuntimeFilters(EngineOptions.RuntimeFilters.ALL));
    session = new SqlSession(engine);
  }

  void load(List<Table> tables) {
    engine.catalog().names().forEach(engine::dropTable);
    tables.forEach(t -> engine.catalog().add(t.name(), t.source()));
  }

  Answer run(Written query, Watch watch) {
    try (Result result = planned(query);
        Watch.Turn turn = watch.start(() -> result.cancel("it takes too long"))) {
      try {
        return new Answer.Rows(result.rows());
      } catch (PenstockException e) {
        return turn.isLate() ? new Answer.Slow() : failure(e);
      }
    } catch (PenstockException e) {
      return failure(e);
    } catch (RuntimeException | StackOverflowError e) {
      return new Answer.Failure(false, "not an error of the engine: " + e + at(e));
    }
  }

  private Result planned(Written query) {
    if (query.parameters().isEmpty()) {
      planOther(query.sql());
    }
    long start = System.nanoTime();
    try {
      return session.execute(query.sql(), query.parameters().toArray());
    } finally {
      planNanos = System.nanoTime() - start;
    }
  }

  /** Plans the text with other constants: then its own ones go into the plan of these. */
  private void planOther(String sql) {
    try {
      String other = OtherConstants.of(sql);
      if (other != null) {
        session.prepare(SqlSession.statements(other, "").get(0));
      }
    } catch (PenstockException e) {
      // such constants have no plan; those of the query have one of their own
    }
  }

  /** How many plans were taken for the constants of another text. */
  long shared() {
    return session.catalog().plans().hits();
  }

  /** How long the last query was planned. */
  long planNanos() {
    return planNanos;
  }

  private static Answer failure(PenstockException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String cause =
        e.category() == PenstockException.Category.FAULT && root != e
            ? " <- " + root + at(root)
            : "";
    return new Answer.Failure(
        e.category() == PenstockException.Category.UNSUPPORTED,
        cause.isEmpty() ? e.category() + " " + e.code() + ": " + e.getMessage() : "FAULT" + cause);
  }

  private static String at(Throwable e) {
    return e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
  }

  /** Bytes that are still held: none, when no query runs. */
  long heldBytes() {
    return engine.budget().usedBytes();
  }

  @Override
  public void close() {
    engine.close();
  }
}
