package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.QueryListener;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.sql.SqlCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many clients at once: each gets its rows, and nothing is left behind. */
final class LoadTest {
  private static final int CLIENTS = 16;
  private static final int EACH = 25;

  @Test
  void eachClientGetsItsRows() throws Exception {
    Map<QueryState, AtomicInteger> ends = new ConcurrentHashMap<>();
    QueryListener listener =
        (query, state) -> {
          if (state.isEnded()) {
            ends.computeIfAbsent(state, s -> new AtomicInteger()).incrementAndGet();
          }
        };
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2))) {
      engine.queries().addListener(listener);
      try (Server server =
          Server.start(
              engine,
              new SqlCatalog(engine),
              ServerOptions.defaults().withPort(0).withGrace(Duration.ofSeconds(5)))) {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
          List<Future<?>> all = new ArrayList<>();
          for (int c = 0; c < CLIENTS; c++) {
            int number = c;
            all.add(clients.submit(() -> work(new Client(server.address()), number)));
          }
          for (Future<?> f : all) {
            f.get(60, TimeUnit.SECONDS);
          }
        } finally {
          clients.shutdownNow();
        }
      }
      assertEquals(0, engine.queries().running().size());
      assertEquals(0, engine.budget().usedBytes());
      assertEquals(CLIENTS * EACH * 4 / 5, ends.get(QueryState.DONE).get());
      assertEquals(CLIENTS * EACH / 5, ends.get(QueryState.FAILED).get());
    }
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(t -> t.getName().startsWith("penstock-http") && t.isAlive()));
  }

  private static void work(Client client, int number) {
    for (int i = 0; i < EACH; i++) {
      int n = number * EACH + i;
      switch (i % 5) {
        case 0 ->
            assertEquals("a\n" + n + "\n", client.sql("SELECT " + n + " AS a", "text/csv").body());
        case 1 ->
            assertEquals(
                "[{\"n\":" + n + "}]",
                Client.json(
                        client.query(
                            "{\"sql\": \"SELECT count(*) AS n FROM range(?)\", \"parameters\": ["
                                + n
                                + "]}"))
                    .get("rows")
                    .toString());
        case 2 -> {
          long id = client.submit("SELECT " + n + " AS a");
          String rows = client.get("/v1/queries/" + id + "/result?format=ndjson").body();
          assertEquals("{\"a\":" + n + "}\n", rows);
        }
        case 3 ->
            assertEquals(
                400, client.sql("SELECT " + n + " / (SELECT 0) AS a", "text/csv").statusCode());
        default ->
            assertEquals(
                1 + 10_000,
                client.sql("SELECT * FROM range(10000)", "text/csv").body().lines().count());
      }
    }
  }
}
