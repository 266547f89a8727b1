package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server tells beside its queries: tables, the engine, its health, pages. */
final class PagesTest extends OneServer {
  @Test
  void headIsAnsweredAsGetIs() throws Exception {
    long id = client.submit("SELECT 7 AS a");
    String query = "/v1/queries/" + id;
    for (String path :
        List.of("/health", "/ready", "/v1/queries", query, "/metrics", "/console/")) {
      assertEquals(200, head(path), path);
    }
    for (String path : List.of("/v1/queries/999999", "/v1/tables/none", "/console/none.js")) {
      assertEquals(404, head(path), path);
    }
    assertEquals(405, head(query + "/result"));
    assertEquals(405, head(query + "/events"));
    assertEquals(200, client.get(query + "/result").statusCode(), "it was not taken");
  }

  private static int head(String path) throws Exception {
    HttpResponse<String> r =
        client.send(client.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertEquals("", r.body());
    return r.statusCode();
  }

  @Test
  void tablesAreListed() {
    assertEquals(
        200, client.query("{\"sql\": \"CREATE TABLE tab AS SELECT 1 AS a\"}").statusCode());
    assertEquals(200, client.query("{\"sql\": \"CREATE VIEW seen AS FROM tab\"}").statusCode());
    assertEquals(
        "{\"tables\":[{\"name\":\"tab\",\"kind\":\"table\"},{\"name\":\"seen\",\"kind\":\"view\"}]}\n",
        client.get("/v1/tables").body());
    assertEquals(
        "{\"name\":\"tab\",\"kind\":\"table\",\"rows\":1,\"columns\":[{\"name\":\"a\",\"type\":"
            + "\"int64\",\"nullable\":true}]}\n",
        client.get("/v1/tables/tab").body());
    assertEquals(
        "{\"name\":\"seen\",\"kind\":\"view\",\"query\":\"FROM tab\"}\n",
        client.get("/v1/tables/seen").body());
    client.query("{\"sql\": \"DROP VIEW seen\"}");
    assertEquals(200, client.query("{\"sql\": \"DROP TABLE tab\"}").statusCode());
    assertEquals(
        "404 INCORRECT no-such-table there is no table tab",
        Client.error(client.get("/v1/tables/tab")));
  }

  @Test
  void strangePagesAreRefused() {
    assertEquals(
        "403 INCORRECT cross-origin a page of another site asks (http://evil.example)",
        Client.error(
            client.send(
                client.post("{\"sql\": \"SELECT 1\"}").header("Origin", "http://evil.example"))));
    String raw =
        Sockets.exchange(
            server.port(),
            "GET /v1/queries HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assertTrue(raw.startsWith("HTTP/1.1 421 "), raw);
    assertTrue(raw.contains("\"code\":\"wrong-host\""), raw);
    assertTrue(raw.contains("X-Content-Type-Options: nosniff"), raw);
  }

  @Test
  void theEngineTellsWhatAllShare() {
    JsonNode e = Client.json(client.get("/v1/engine"));
    assertEquals("admin", e.get("caller").get("role").asText());
    assertEquals("[\"sql\",\"plan\"]", e.get("languages").toString());
    assertEquals(engine.options().memoryBytes(), e.get("memory").get("capBytes").asLong());
    JsonNode history = e.get("history");
    assertEquals(history.get("memoryBytes").size(), history.get("tight").size());
  }

  @Test
  void theAddressLeadsToTheConsole() {
    HttpResponse<String> r = client.get("/");
    assertEquals(302, r.statusCode());
    assertEquals(
        "/console/", r.headers().firstValue("Location").orElse("").replaceAll("^http://[^/]+", ""));
    HttpResponse<String> page = client.get("/console/");
    assertEquals(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        page.headers().firstValue("Content-Security-Policy").orElse(""));
    assertTrue(page.body().startsWith("<!doctype html>"), page.body());
    assertEquals(200, client.get("/console/vendor/codemirror/lib/codemirror.js").statusCode());
  }

  @Test
  void pagesAreServed() {
    HttpResponse<String> r = client.get("/console/test.html");
    assertEquals("<!doctype html>\n<title>a page of a test</title>\n", r.body());
    assertEquals("text/html;charset=utf-8", r.headers().firstValue("Content-Type").orElse(""));
    for (String page :
        List.of("none.html", "test.class", "../Pages.class", "%2e%2e/openapi.json")) {
      String raw =
          Sockets.exchange(
              server.port(),
              "GET /console/" + page + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertTrue(raw.startsWith("HTTP/1.1 40"), raw);
    }
  }

  @Test
  void healthIsTold() {
    assertEquals("{\"status\":\"up\"}\n", client.get("/health").body());
    assertEquals("{\"status\":\"ready\"}\n", client.get("/ready").body());
  }
}
