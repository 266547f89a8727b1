package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.sql.SqlCatalog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events and metrics. */
final class WatchTest {
  private static final String ENDLESS = "SELECT count(*) AS n FROM range(1000000000000)";

  private Engine engine;
  private Server server;
  private Client client;

  @BeforeEach
  void start() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    server =
        Server.start(
            engine,
            new SqlCatalog(engine),
            ServerOptions.defaults().withPort(0).withGrace(Duration.ZERO));
    client = new Client(server.address());
  }

  @AfterEach
  void stop() {
    server.close();
    engine.close();
  }

  /** The data of the next event of a name. */
  private static JsonNode event(BufferedReader in, String name) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("event: " + name)) {
        return Client.json(in.readLine().substring("data: ".length()));
      }
    }
    throw new AssertionError("no event " + name);
  }

  private static BufferedReader follow(Socket socket, String path) throws IOException {
    Sockets.write(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  @Test
  void eventsTellOneQueryUntilItsEnd() throws Exception {
    long id = client.submit(ENDLESS);
    try (Socket socket = Sockets.open(server.port())) {
      BufferedReader in = follow(socket, "/v1/queries/" + id + "/events?intervalMillis=100");
      JsonNode first = event(in, "query");
      assertEquals(id, first.get("id").asLong());
      client.delete("/v1/queries/" + id);
      JsonNode last = first;
      while (!last.get("state").asText().equals("cancelled")) {
        last = event(in, "query");
      }
      assertEquals("caller", last.get("cause").asText());
      // the blank line of the event, and the last chunk
      for (String line = in.readLine(); !line.equals("0"); line = in.readLine()) {
        assertTrue(!line.startsWith("event"), line);
      }
    }
  }

  @Test
  void eventsTellAllQueriesAndEndWithTheServer() throws Exception {
    try (Socket socket = Sockets.open(server.port())) {
      BufferedReader in = follow(socket, "/v1/events?intervalMillis=60000");
      assertEquals(0, event(in, "queries").get("running").size());
      long id = client.submit(ENDLESS);
      JsonNode seen = event(in, "queries");
      while (seen.get("running").isEmpty()) {
        seen = event(in, "queries");
      }
      assertEquals(id, seen.get("running").get(0).get("id").asLong());
      assertEquals(engine.options().memoryBytes(), seen.get("memoryCapBytes").asLong());
      CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
      while (in.readLine() != null) {
        // to the end
      }
      closed.get(20, TimeUnit.SECONDS);
    }
    assertEquals(
        "400 INCORRECT parameter intervalMillis: expected 100 to 60000, got '1'",
        refusedInterval());
  }

  private String refusedInterval() {
    server = Server.start(engine, new SqlCatalog(engine), ServerOptions.defaults().withPort(0));
    return Client.error(new Client(server.address()).get("/v1/events?intervalMillis=1"));
  }

  @Test
  void metricsCount() throws Exception {
    assertEquals(200, client.sql("FROM range(3)", "text/csv").statusCode());
    assertEquals(400, client.sql("SELECT x", "text/csv").statusCode());
    OneServer.await(engine, () -> engine.queries().running().isEmpty());
    long id = client.submit(ENDLESS);
    client.send(client.request("/health").method("MADEUP", BodyPublishers.noBody()));
    HttpResponse<String> r = client.get("/metrics");
    assertEquals(
        "text/plain;version=0.0.4;charset=utf-8",
        r.headers().firstValue("Content-Type").orElse("").replace(" ", ""));
    String text = r.body();
    for (String line :
        new String[] {
          "penstock_query_seconds_count{state=\"done\"} 1",
          "penstock_query_seconds_count{state=\"failed\"} 1",
          "penstock_query_rows_total 3.0",
          "penstock_memory_cap_bytes " + (double) engine.options().memoryBytes(),
          "penstock_http_seconds_count{method=\"POST\",path=\"/v1/queries\",status=\"400\"} 1",
          "penstock_http_in_flight 1.0",
        }) {
      assertTrue(text.contains(line + "\n"), line + "\n" + text);
    }
    assertTrue(text.contains("jvm_memory_used_bytes{"), text);
    assertTrue(text.contains("method=\"other\"") && !text.contains("MADEUP"), text);
    client.delete("/v1/queries/" + id);
  }
}
