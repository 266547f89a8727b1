package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.nodes.Priority;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Queries of a server: seen, cancelled, given deadlines and caps, their results kept. */
final class QueryLifeTest extends OneServer {
  @Test
  void aRunningQueryIsSeenAndCancelled() throws Exception {
    CompletableFuture<HttpResponse<String>> rows = client.later("{\"sql\": \"" + ENDLESS + "\"}");
    Query query = running(QueryState.RUNNING);
    JsonNode listed = Client.json(client.get("/v1/queries")).get("running").get(0);
    assertEquals(query.id(), listed.get("id").asLong());
    assertEquals("running", listed.get("state").asText());
    assertEquals(ENDLESS, listed.get("text").asText());
    assertEquals("local", listed.get("owner").asText());
    JsonNode shown = Client.json(client.get("/v1/queries/" + query.id()));
    assertTrue(shown.get("plan").asText().contains("series+"), shown.toString());
    assertTrue(shown.get("graph").get("nodes").size() > 0, shown.toString());
    assertTrue(shown.get("graph").get("pipes").size() > 0, shown.toString());
    assertEquals(202, client.delete("/v1/queries/" + query.id()).statusCode());
    assertEquals(
        "409 CANCELLED cancelled the query was cancelled by local",
        Client.error(rows.get(20, TimeUnit.SECONDS)));
    await(() -> query.state().isEnded());
    assertEquals(
        "409 INCORRECT query-ended query " + query.id() + " has ended",
        Client.error(client.delete("/v1/queries/" + query.id())));
    JsonNode ended = Client.json(client.get("/v1/queries?ended=1")).get("ended").get(0);
    assertEquals("cancelled", ended.get("state").asText());
    assertEquals("cancelled", ended.get("error").get("code").asText());
  }

  @Test
  void aDeadlineIsSetAndMoved() throws Exception {
    assertEquals(
        "504 CANCELLED timed-out the query was stopped at its deadline, after 0.05s; give it a"
            + " longer timeout",
        Client.error(client.query("{\"sql\": \"" + ENDLESS + "\", \"timeoutSeconds\": 0.05}")));
    long id = client.submit(ENDLESS);
    String path = "/v1/queries/" + id;
    JsonNode changed =
        Client.json(client.patch(path, "{\"timeoutSeconds\": 100, \"priority\": \"low\"}"));
    assertEquals("low", changed.get("priority").asText());
    assertTrue(changed.get("deadline").isTextual(), changed.toString());
    assertTrue(Client.json(client.patch(path, "{\"deadline\": null}")).get("deadline").isNull());
    client.patch(path, "{\"deadline\": \"2020-01-01T00:00:00Z\"}");
    Query query = engine.queries().find(id);
    assertNotNull(query);
    await(() -> query.state() == QueryState.TIMED_OUT);
    assertEquals(504, client.get(path + "/result").statusCode());
  }

  @Test
  void timeoutsOfTheQueueAndOfUnreadResultsChange() throws Exception {
    long id = client.submit("SELECT 7 AS a");
    String path = "/v1/queries/" + id;
    Query query = engine.queries().find(id);
    assertNotNull(query);
    assertEquals(Duration.ofMinutes(5), query.idleTimeout());
    String times = "{\"queueTimeoutSeconds\": 7, \"idleTimeoutSeconds\": 1000}";
    assertEquals(200, client.patch(path, times).statusCode());
    assertEquals(Duration.ofSeconds(7), query.queueTimeout());
    assertEquals(Duration.ofMinutes(5), query.idleTimeout(), "the server's bound");
    assertEquals(
        "400 INCORRECT body idleTimeoutSeconds: expected a number above 0 and of at most 1e9, got -1",
        Client.error(client.patch(path, "{\"priority\": \"low\", \"idleTimeoutSeconds\": -1}")));
    assertEquals(Priority.NORMAL, query.priority(), "nothing is changed by half");
    client.patch(path, "{\"idleTimeoutSeconds\": 0.02}");
    await(() -> query.state() == QueryState.CANCELLED);
    assertEquals(Reason.CLIENT_GONE, query.cause());
  }

  @Test
  void aResultIsKeptUntilItIsFetched() {
    long id = client.submit("SELECT 7 AS a");
    HttpResponse<String> r = client.get("/v1/queries/" + id + "/result?format=csv");
    assertEquals("a\n7\n", r.body());
    assertEquals(
        "410 INCORRECT result-gone the result of query "
            + id
            + " was fetched, or is being fetched, by another request",
        Client.error(client.get("/v1/queries/" + id + "/result")));
    long wrong = client.submit("SELECT x");
    assertEquals(400, client.get("/v1/queries/" + wrong + "/result").statusCode());
  }

  @Test
  void tooManyQueriesAreRefused() throws Exception {
    for (int i = 0; i < 8; i++) {
      client.submit("FROM range(10)");
    }
    assertEquals(
        "503 LIMIT too-many-queries as many queries as may be run (8); try again later",
        Client.error(client.query("{\"sql\": \"SELECT 1\"}")));
    for (Query q : engine.queries().running()) {
      client.delete("/v1/queries/" + q.id());
    }
    await(() -> engine.queries().running().isEmpty());
    assertEquals(200, client.query("{\"sql\": \"SELECT 1\"}").statusCode());
  }

  @Test
  void aQueryHasItsOwnCapOfMemory() throws Exception {
    String wanted = "SELECT x FROM range(400000) AS r (x) ORDER BY 0 - x";
    HttpResponse<String> r =
        client.query("{\"sql\": \"" + wanted + "\", \"memoryBytes\": 6000000}");
    assertEquals(200, r.statusCode(), r.body());
    assertEquals(400_000, Client.json(r).get("count").asInt());
    JsonNode query =
        Client.json(
            client.get("/v1/queries/" + r.headers().firstValue("Penstock-Query").orElse("none")));
    assertTrue(query.get("spilledBytes").asLong() > 0, query.toString());
    assertTrue(query.get("peakMemoryBytes").asLong() <= 6_000_000, query.toString());
    assertTrue(
        Client.error(client.query("{\"sql\": \"" + wanted + "\", \"memoryBytes\": 1000}"))
            .matches(
                "422 LIMIT memory-cap the query needs at least \\d+ bytes of memory, and its own cap"
                    + " is 1000; raise it"));
    assertEquals(
        "400 INCORRECT body memoryBytes: expected a number of bytes, got -1",
        Client.error(client.query("{\"sql\": \"SELECT 1\", \"memoryBytes\": -1}")));
  }

  @Test
  void aQueryTellsItsPlanBeforeAndAfter() throws Exception {
    HttpResponse<String> r =
        client.sql("SELECT x FROM range(9) AS r (x) WHERE x > 1 + 2", "text/csv");
    String id = r.headers().firstValue("Penstock-Query").orElse("none");
    await(engine, () -> engine.queries().running().isEmpty());
    Query query = engine.queries().find(Long.parseLong(id));
    assertTrue(query != null && query.plan().contains("(+ 1 2)"), String.valueOf(query));
    JsonNode told = Client.json(client.get("/v1/queries/" + id));
    String after = told.get("rewriting").get("text").asText();
    // of a short one it is kept now and then
    assertTrue(after.isEmpty() || (after.contains("3") && !after.contains("(+ 1 2)")), after);
    assertTrue(told.has("samples")); // null, but when the second's turn fell into it
  }
}
