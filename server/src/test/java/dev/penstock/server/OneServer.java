package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.sql.SqlCatalog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A server that answers the tests of a class, with an engine of two workers. */
abstract class OneServer {
  /** Runs until it is stopped, and gives nothing before. */
  static final String ENDLESS = "SELECT count(*) AS n FROM range(1000000000000)";

  static Engine engine;
  static Server server;
  static Client client;

  @BeforeAll
  static void start() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2).withRoots(List.of()));
    server =
        Server.start(
            engine,
            new SqlCatalog(engine),
            ServerOptions.defaults()
                .withPort(0)
                .withGrace(Duration.ZERO)
                .withLimits(ServerLimits.defaults().withBodyBytes(100_000).withQueries(8)));
    client = new Client(server.address());
  }

  @AfterAll
  static void stop() {
    server.close();
    engine.close();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    await(() -> engine.queries().running().isEmpty());
    assertEquals(0, engine.budget().usedBytes());
  }

  /** Until a condition holds, which a change of some query brings about. */
  static void await(Engine engine, java.util.function.BooleanSupplier condition) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    dev.penstock.compiler.queries.QueryListener listener =
        (q, s) -> {
          if (condition.getAsBoolean()) {
            done.countDown();
          }
        };
    engine.queries().addListener(listener);
    try {
      if (!condition.getAsBoolean()) {
        assertTrue(done.await(20, TimeUnit.SECONDS), "waited for 20 s");
      }
    } finally {
      engine.queries().removeListener(listener);
    }
  }

  static void await(java.util.function.BooleanSupplier condition) throws Exception {
    await(engine, condition);
  }

  static Query running(QueryState state) throws Exception {
    await(
        () -> {
          List<Query> all = engine.queries().running();
          return all.size() == 1 && all.get(0).state() == state;
        });
    return engine.queries().running().get(0);
  }
}
