package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.sql.SqlCatalog;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results on their way: slow clients, clients that go away, late errors, the end of the server. */
final class StreamTest {
  private static final String MANY =
      "SELECT range AS n, 'some text' AS t FROM range(1000000000000)";
  private static final String FAILS_LATE = "SELECT 10 / (range - 900000) AS n FROM range(1000000)";

  private Engine engine;
  private Server server;

  @BeforeEach
  void start() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    server = start(Duration.ZERO, ServerLimits.defaults());
  }

  private Server start(Duration grace, ServerLimits limits) {
    return Server.start(
        engine,
        new SqlCatalog(engine),
        ServerOptions.defaults().withPort(0).withGrace(grace).withLimits(limits));
  }

  @AfterEach
  void stop() {
    server.close();
    assertEquals(0, engine.queries().running().size());
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  /** Until nothing moves any more: as many looks in a row as say the same. */
  private static long settled(Query query) {
    long rows = -1;
    int same = 0;
    long end = System.nanoTime() + 20_000_000_000L;
    while (same < 2000) {
      long now = query.snapshot().rows();
      same = now == rows && now > 0 ? same + 1 : 0;
      rows = now;
      Thread.yield();
      assertTrue(System.nanoTime() < end, "rows still move: " + rows);
    }
    return rows;
  }

  @Test
  void aSlowClientHoldsLittle() throws Exception {
    try (Socket socket = Sockets.open(server.port())) {
      Sockets.write(socket, Sockets.post(MANY, "application/x-ndjson"));
      assertTrue(socket.getInputStream().read(new byte[1000]) > 0);
      Query query = engine.queries().running().get(0);
      long rows = settled(query);
      assertTrue(query.snapshot().memoryBytes() <= 16 << 20, query.snapshot().toString());
      // it goes on when the client does
      long read = 0;
      byte[] buffer = new byte[1 << 16];
      while (query.snapshot().rows() == rows) {
        int n = socket.getInputStream().read(buffer);
        assertTrue(n > 0, "the stream ended after " + read);
        read += n;
      }
      settled(query);
      long asked = System.nanoTime();
      assertTrue(query.cancel(Reason.PERSON, "enough"));
      OneServer.await(engine, () -> query.state() == QueryState.CANCELLED);
      long nanos = System.nanoTime() - asked;
      assertTrue(nanos < 5_000_000_000L, "cancelled after " + nanos / 1_000_000 + " ms");
      // the client reads what was under way, and then an end without the last chunk
      assertFalse(Sockets.rest(socket).endsWith("\r\n0\r\n\r\n"));
    }
  }

  @Test
  void aClientThatGoesAwayEndsItsQuery() throws Exception {
    Query query;
    try (Socket socket = Sockets.open(server.port())) {
      Sockets.write(socket, Sockets.post(MANY, "text/csv"));
      assertTrue(socket.getInputStream().read(new byte[1000]) > 0);
      query = engine.queries().running().get(0);
    }
    OneServer.await(engine, () -> query.state().isEnded());
    assertEquals(Reason.CLIENT_GONE, query.cause());
  }

  /** Gives no row before its end, which does not come. */
  private static final String NO_ROW = "SELECT count(*) AS n FROM range(1000000000000)";

  private Query runningOf(Socket socket, String request) throws Exception {
    Sockets.write(socket, request);
    OneServer.await(
        engine,
        () -> engine.queries().running().stream().anyMatch(q -> q.state() == QueryState.RUNNING));
    return engine.queries().running().get(0);
  }

  @Test
  void aClientThatGoesAwayBeforeItsFirstRowEndsItsQuery() throws Exception {
    for (String accept : new String[] {"application/json", "application/vnd.apache.parquet"}) {
      Query query;
      try (Socket socket = Sockets.open(server.port())) {
        query = runningOf(socket, Sockets.post(NO_ROW, accept));
      }
      OneServer.await(engine, () -> query.state().isEnded());
      assertEquals(Reason.CLIENT_GONE, query.cause());
    }
    // so does one that fetches a result
    long id = new Client(server.address()).submit(NO_ROW);
    Query query = engine.queries().find(id);
    try (Socket socket = Sockets.open(server.port())) {
      Sockets.write(
          socket, "GET /v1/queries/" + id + "/result HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    OneServer.await(engine, () -> query.state().isEnded());
    assertEquals(Reason.CLIENT_GONE, query.cause());
  }

  @Test
  void aRequestThatComesEarlyIsAnsweredNext() throws Exception {
    try (Socket socket = Sockets.open(server.port())) {
      Query query = runningOf(socket, Sockets.post(NO_ROW, "application/json"));
      Sockets.write(
          socket,
          "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
              + "GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertEquals(QueryState.RUNNING, query.state());
      assertTrue(query.cancel(Reason.PERSON, "enough"));
      String all = Sockets.rest(socket);
      assertTrue(all.startsWith("HTTP/1.1 409 "), all);
      assertTrue(all.contains("{\"status\":\"up\"}"), all);
      assertTrue(all.contains("{\"status\":\"ready\"}"), all);
    }
  }

  @Test
  void aLateErrorCutsTheConnection() {
    String arrow = "application/vnd.apache.arrow.stream";
    for (String accept :
        new String[] {"application/json", "application/x-ndjson", "text/csv", arrow}) {
      Client client = new Client(server.address());
      assertThrows(UncheckedIOException.class, () -> client.sql(FAILS_LATE, accept), accept);
      String raw = Sockets.exchange(server.port(), Sockets.post(FAILS_LATE, accept));
      assertTrue(raw.startsWith("HTTP/1.1 200 OK\r\n"), raw.substring(0, 100));
      assertFalse(raw.endsWith("\r\n0\r\n\r\n"), accept);
      String error = "\"error\":{\"category\":\"INCORRECT\",\"code\":\"";
      assertEquals(accept.endsWith("json"), raw.contains(error), accept);
    }
  }

  @Test
  void aResultHasABound() {
    server.close();
    server = start(Duration.ZERO, ServerLimits.defaults().withResultRows(10));
    Client client = new Client(server.address());
    assertEquals(200, client.sql("FROM range(10)", "text/csv").statusCode());
    String raw =
        Sockets.exchange(server.port(), Sockets.post("FROM range(11)", "application/json"));
    assertTrue(
        raw.contains(
            "\"rows\":[]\n,\"error\":{\"category\":\"LIMIT\",\"code\":\"result-rows\",\"message\":\"the"
                + " result has more than 10 rows; ask for fewer (LIMIT), or for totals\"}}"),
        raw);
  }

  @Test
  void aLongQueryOutlivesTheIdleTimeOfItsConnection() throws Exception {
    server.close();
    server =
        start(Duration.ZERO, ServerLimits.defaults().withConnectionIdle(Duration.ofMillis(100)));
    Client client = new Client(server.address());
    HttpResponse<String> r =
        client.query(
            "{\"sql\": \"SELECT count(*) AS n FROM range(1000000000000)\", \"timeoutSeconds\": 1}");
    assertEquals(504, r.statusCode());
    // who does not read is cut off
    try (Socket socket = Sockets.open(server.port())) {
      Sockets.write(socket, Sockets.post(MANY, "text/csv"));
      OneServer.await(engine, () -> !engine.queries().running().isEmpty());
      Query query = engine.queries().running().get(0);
      OneServer.await(engine, () -> query.state().isEnded());
      assertEquals(Reason.CLIENT_GONE, query.cause());
    }
  }

  @Test
  void aResultThatNobodyFetchesIsDropped() throws Exception {
    server.close();
    server = start(Duration.ZERO, ServerLimits.defaults().withResultIdle(Duration.ofMillis(50)));
    Client client = new Client(server.address());
    long id = client.submit("FROM range(100000)");
    Query query = engine.queries().find(id);
    OneServer.await(engine, () -> query.state().isEnded());
    assertEquals(Reason.CLIENT_GONE, query.cause());
    assertEquals(
        "409 CANCELLED cancelled nobody read the result for 0.05s; read it faster, close it, or"
            + " raise the idle timeout",
        Client.error(client.get("/v1/queries/" + id + "/result")));
  }

  @Test
  void theEndOfTheServerGivesGrace() throws Exception {
    server.close();
    server = start(Duration.ofSeconds(20), ServerLimits.defaults());
    Client client = new Client(server.address());
    long kept = client.submit("FROM range(10)");
    CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
    // it answers while it waits for what runs
    while (client.get("/ready").statusCode() != 503) {
      Thread.onSpinWait();
    }
    assertEquals(
        "503 LIMIT shutdown the server is stopping and takes no more queries",
        Client.error(client.query("{\"sql\": \"SELECT 1\"}")));
    assertEquals(200, client.get("/v1/queries/" + kept + "/result").statusCode());
    closed.get(20, TimeUnit.SECONDS);
    assertThrows(UncheckedIOException.class, () -> client.get("/health"));
  }

  @Test
  void theEndOfTheServerStopsWhatRuns() throws Exception {
    Client client = new Client(server.address());
    CompletableFuture<HttpResponse<String>> rows =
        client.later("{\"sql\": \"SELECT count(*) FROM range(1000000000000)\"}");
    OneServer.await(engine, () -> !engine.queries().running().isEmpty());
    Query query = engine.queries().running().get(0);
    OneServer.await(engine, () -> query.state() == QueryState.RUNNING);
    server.close();
    assertEquals(Reason.SHUTDOWN, query.cause());
    try {
      assertEquals(
          "503 CANCELLED shutdown the server was stopped while the query ran",
          Client.error(rows.get(20, TimeUnit.SECONDS)));
    } catch (ExecutionException e) {
      assertTrue(e.getCause() instanceof java.io.IOException, e.toString());
    }
  }
}
