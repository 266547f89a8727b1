package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.SqlCatalog;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The document is true: all its operations are called, and answer as it says. */
final class OpenApiTest {
  private static final List<String> METHODS =
      List.of("get", "post", "put", "delete", "patch", "head");

  private final Set<String> called = new TreeSet<>();
  private Engine engine;
  private TripleStore triples;
  private Server server;
  private Client client;
  private JsonNode document;

  @BeforeEach
  void start() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    server =
        Server.start(
            engine,
            new SqlCatalog(engine),
            triples = TripleStore.create(engine),
            ServerOptions.defaults().withPort(0).withGrace(Duration.ZERO));
    client = new Client(server.address());
    document = Client.json(client.get("/openapi.json"));
  }

  @AfterEach
  void stop() {
    server.close();
    triples.close();
    engine.close();
  }

  /** Calls an operation and checks the answer against what the document says of its status. */
  private String call(
      String method, String pattern, String path, String type, String body, int status)
      throws Exception {
    JsonNode operation = document.path("paths").path(pattern).path(method);
    assertNotNull(operation.get("operationId"), method + " " + pattern);
    called.add(operation.get("operationId").asText());
    HttpRequest.Builder request =
        client
            .request(path)
            .method(
                method.toUpperCase(Locale.ROOT),
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    HttpResponse<String> r = client.send(request);
    assertEquals(status, r.statusCode(), r.body());
    JsonNode responses = operation.get("responses");
    JsonNode told = responses.get(responses.has("" + status) ? "" + status : "default");
    assertNotNull(told, status + " is not told of " + path);
    String got = r.headers().firstValue("Content-Type").orElse("").split(";")[0];
    JsonNode content = told.path("content").get(got);
    assertNotNull(content, got + " is not told of " + path);
    if (got.equals("application/json")) {
      assertEquals(
          List.of(),
          new JsonShape(document).departures(content.get("schema"), Client.json(r)),
          method + " " + path);
    }
    return r.body();
  }

  private String get(String pattern, String path, int status) throws Exception {
    return call("get", pattern, path, "", "", status);
  }

  @Test
  void allOperationsAreAsTold() throws Exception {
    String queries = "/v1/queries";
    JsonNode examples = document.at("/paths/~1v1~1queries/post/requestBody/content");
    for (String type : List.of("application/json", "application/sql", "application/edn")) {
      JsonNode example = examples.get(type).get("example");
      String body = example.isTextual() ? example.textValue() : example.toString();
      call("post", queries, queries, type, body, 200);
    }
    for (JsonNode format : document.at("/paths/~1v1~1queries/post/parameters/0/schema/enum")) {
      String path = queries + "?format=" + format.asText();
      call("post", queries, path, "application/sql", "SELECT 1 AS a", 200);
    }
    call("post", queries, queries, "application/sql", "SELECT x", 400);
    String endless = "SELECT count(*) AS n FROM range(1000000000000)";
    String begun = call("post", queries, queries + "?wait=false", "application/sql", endless, 202);
    String one = queries + "/{id}";
    String path = queries + "/" + Client.json(begun).get("id");
    get(one, path, 200);
    JsonNode change = document.at("/paths/~1v1~1queries~1{id}/patch/requestBody/content");
    String changed = change.get("application/json").get("example").toString();
    call("patch", one, path, "application/json", changed, 200);
    call("delete", one, path, "", "", 202);
    get(one + "/events", path + "/events", 200);
    get(one + "/result", path + "/result", 409);
    get(one, path, 200);
    get(one, queries + "/12345", 404);
    get(queries, queries, 200);
    client.query("{\"sql\": \"CREATE TABLE t AS SELECT 1 AS a\"}");
    client.query("{\"sql\": \"CREATE VIEW v AS FROM t\"}");
    get("/v1/tables", "/v1/tables", 200);
    get("/v1/tables", "/v1/tables?columns=true", 200);
    get("/v1/engine", "/v1/engine", 200);
    get("/v1/tables/{name}", "/v1/tables/t", 200);
    get("/v1/tables/{name}", "/v1/tables/v", 200);
    get("/v1/tables/{name}", "/v1/tables/w", 404);
    JsonNode sparql = document.at("/paths/~1sparql/post/requestBody/content");
    for (String type : List.of("application/sparql-query", "application/x-www-form-urlencoded")) {
      call("post", "/sparql", "/sparql", type, sparql.get(type).get("example").textValue(), 200);
    }
    call("post", "/sparql", "/sparql", "application/sparql-update", "CLEAR ALL", 403);
    get("/sparql", "/sparql", 200);
    get("/sparql", "/sparql?query=ASK%7B%7D", 200);
    get("/sparql", "/sparql?query=ASK", 400);
    get("/rdf-graph-store", "/rdf-graph-store?default", 200);
    get("/rdf-graph-store", "/rdf-graph-store", 400);
    get("/rdf-graph-store/{path}", "/rdf-graph-store/x", 404);
    HttpRequest.Builder head =
        client
            .request("/rdf-graph-store?default")
            .method("HEAD", HttpRequest.BodyPublishers.noBody());
    assertEquals(200, client.send(head).statusCode());
    called.add("graphHead");
    get("/metrics", "/metrics", 200);
    get("/openapi.json", "/openapi.json", 200);
    get("/health", "/health", 200);
    get("/ready", "/ready", 200);
    get("/v1/events", "/v1/events?intervalMillis=0", 400);
    called.remove("events");
    HttpResponse<java.io.InputStream> events =
        client.open("/v1/events", BodyHandlers.ofInputStream());
    events.body().close();
    assertEquals("text/event-stream", events.headers().firstValue("Content-Type").orElse(""));
    called.add("events");

    Set<String> told = new TreeSet<>();
    document
        .get("paths")
        .forEach(p -> METHODS.forEach(m -> told.add(p.path(m).path("operationId").asText())));
    told.remove("");
    assertEquals(told, called);
  }

  @Test
  void whatIsNotToldIsNotThere() throws Exception {
    for (var path : document.get("paths").properties()) {
      for (String method : METHODS) {
        if (!method.equals("head") && !path.getValue().has(method)) {
          HttpResponse<String> r =
              client.send(
                  client
                      .request(path.getKey().replaceAll("\\{.*?}", "1"))
                      .method(
                          method.toUpperCase(Locale.ROOT), HttpRequest.BodyPublishers.noBody()));
          assertEquals(405, r.statusCode(), method + " " + path.getKey());
        }
      }
    }
  }
}
