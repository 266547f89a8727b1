package dev.penstock.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Statements are queries of the engine: seen, with their text, and cancelled while planned. */
@Timeout(60)
class StatementQueriesTest {
  /** Planning stops at it. */
  private static final class Gate implements Source {
    private final CountDownLatch planning = new CountDownLatch(1);
    private final CountDownLatch plans = new CountDownLatch(1);

    @Override
    public Schema schema() {
      planning.countDown();
      try {
        plans.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return new Schema(List.of(new Field("n", DataType.INT64, false)));
    }

    @Override
    public Scan open(Request request, QueryContext query) {
      throw new AssertionError("nothing is read");
    }
  }

  private static Engine engine() {
    return Engine.create(EngineOptions.defaults().withWorkers(2));
  }

  @Test
  void planningIsSeenAndCancelled() throws Exception {
    Gate gate = new Gate();
    try (Engine engine = engine()) {
      engine.catalog().add("gate", gate);
      SqlSession session = new SqlSession(engine);
      session.setOptions(QueryOptions.defaults().withOwner("ann"));
      CompletableFuture<Result> result =
          CompletableFuture.supplyAsync(
              () -> session.execute("SELECT count(*) FROM gate WHERE n > 1"));
      gate.planning.await();
      Query query = engine.queries().running().get(0);
      assertEquals(QueryState.PLANNING, query.state());
      assertEquals("ann", query.owner());
      assertEquals("SELECT count(*) FROM gate WHERE n > 1", query.text());
      assertTrue(query.cancel(Reason.PERSON, "cancelled by ann"));
      gate.plans.countDown();
      PenstockException e =
          (PenstockException)
              assertThrows(ExecutionException.class, () -> result.get(30, TimeUnit.SECONDS))
                  .getCause();
      assertEquals("cancelled by ann", e.getMessage());
      assertEquals(PenstockException.Category.CANCELLED, e.category());
      assertEquals(QueryState.CANCELLED, query.state());
    }
  }

  @Test
  void whoWaitsForALongStatementIsFreeAtOnce() throws Exception {
    Gate gate = new Gate();
    String many = "SELECT count(*) FROM gate WHERE n IN (1" + ", 2".repeat(1000) + ")";
    try (Engine engine = engine()) {
      engine.catalog().add("gate", gate);
      SqlSession session = new SqlSession(engine);
      CompletableFuture<Result> result = CompletableFuture.supplyAsync(() -> session.execute(many));
      gate.planning.await();
      Query query = engine.queries().running().get(0);
      assertTrue(query.cancel(Reason.PERSON, "cancelled by ann"));
      // planning does not go on, and does not end either
      PenstockException e =
          (PenstockException)
              assertThrows(ExecutionException.class, () -> result.get(30, TimeUnit.SECONDS))
                  .getCause();
      assertEquals("cancelled by ann", e.getMessage());
      assertEquals(QueryState.CANCELLING, query.state());
      CountDownLatch ended = new CountDownLatch(1);
      engine
          .queries()
          .addListener(
              (q, state) -> {
                if (state == QueryState.CANCELLED) {
                  ended.countDown();
                }
              });
      gate.plans.countDown();
      assertTrue(ended.await(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void aStatementIsOneQueryWhateverItRuns() {
    try (Engine engine = engine()) {
      SqlSession session = new SqlSession(engine);
      for (String sql :
          List.of(
              "CREATE TABLE t AS SELECT * FROM range(3000) AS r(n)",
              "INSERT INTO t SELECT n + 3000 FROM t",
              "UPDATE t SET n = n + 1 WHERE n > 10",
              "EXPLAIN ANALYZE SELECT count(*) FROM t",
              "DELETE FROM t WHERE n > 10")) {
        try (Result result = session.execute(sql)) {
          result.drain();
        }
        Query query = engine.queries().history().get(0);
        assertEquals(sql, query.text());
        assertEquals(QueryState.DONE, query.state());
      }
      assertEquals(5, engine.queries().begun());
      assertEquals(List.of(), engine.queries().running());
    }
  }

  @Test
  void aWrongStatementFailed() {
    try (Engine engine = engine()) {
      SqlSession session = new SqlSession(engine);
      PenstockException e =
          assertThrows(PenstockException.class, () -> session.execute("SELECT * FROM nowhere"));
      Query query = engine.queries().history().get(0);
      assertEquals(QueryState.FAILED, query.state());
      assertEquals(e, query.error());
    }
  }

  @Test
  void aQueryThatWasCancelledBeforeItIsPlannedIsNot() {
    try (Engine engine = engine()) {
      Query query = engine.queries().begin(QueryOptions.defaults().withText("SELECT 1"));
      query.cancel(Reason.CALLER, "never mind");
      Statement statement = SqlSession.statements("SELECT 1", "").get(0);
      PenstockException e =
          assertThrows(
              PenstockException.class, () -> new SqlSession(engine).execute(query, statement));
      assertEquals("never mind", e.getMessage());
      assertEquals(QueryState.CANCELLED, query.state());
    }
  }
}
