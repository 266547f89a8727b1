package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.access.Role;
import dev.penstock.server.access.Tokens;
import dev.penstock.sql.SqlCatalog;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose token may do what. */
final class AccessTest {
  @TempDir Path folder;

  private Engine engine;
  private Server server;
  private Path audit;
  private Client reader;
  private Client ann;
  private Client bob;
  private Client admin;

  @BeforeEach
  void start() throws Exception {
    Path file = folder.resolve("tokens");
    Files.writeString(
        file,
        String.join(
            "\n",
            Tokens.line("reader", Role.READ, "r"),
            Tokens.line("ann", Role.SUBMIT, "a"),
            Tokens.line("bob", Role.SUBMIT, "b"),
            Tokens.line("root", Role.ADMIN, "x")));
    engine = Engine.create(EngineOptions.defaults().withWorkers(2).withRoots(List.of()));
    audit = folder.resolve("audit");
    server =
        Server.start(
            engine,
            new SqlCatalog(engine),
            ServerOptions.defaults()
                .withPort(0)
                .withHost("127.0.0.1")
                .withTokens(Tokens.read(file))
                .withAudit(audit)
                .withGrace(Duration.ZERO));
    reader = new Client(server.address(), "r");
    ann = new Client(server.address(), "a");
    bob = new Client(server.address(), "b");
    admin = new Client(server.address(), "x");
  }

  @AfterEach
  void stop() {
    server.close();
    engine.close();
  }

  @Test
  void withoutATokenNothingIsAnswered() {
    Client nobody = new Client(server.address());
    HttpResponse<String> r = nobody.get("/v1/tables");
    assertEquals(
        "401 INCORRECT unauthorized expected a header 'Authorization: Bearer TOKEN', got none",
        Client.error(r));
    assertEquals("Bearer", r.headers().firstValue("WWW-Authenticate").orElse(""));
    assertEquals(
        "401 INCORRECT unauthorized the token is not known here",
        Client.error(new Client(server.address(), "z").get("/v1/queries")));
    for (String path : List.of("/metrics", "/v1/queries/1", "/v1/events", "/nowhere")) {
      assertEquals(401, nobody.get(path).statusCode(), path);
    }
    assertEquals(200, nobody.get("/health").statusCode());
    assertEquals(200, nobody.get("/ready").statusCode());
  }

  @Test
  void rolesBoundWhatIsDone() throws Exception {
    assertEquals(200, reader.get("/v1/tables").statusCode());
    assertEquals(
        "403 INCORRECT forbidden submitting a query needs the role submit, and reader has the role"
            + " read",
        Client.error(reader.query("{\"sql\": \"SELECT 1\"}")));
    assertEquals(200, ann.query("{\"sql\": \"SELECT 1\"}").statusCode());
    for (String sql :
        List.of(
            "CREATE TABLE t AS SELECT 1 AS a",
            "COPY (SELECT 1) TO 'x.csv'",
            "INSERT INTO 'x.csv' VALUES (1)",
            "DROP VIEW v",
            "CREATE MACRO one() AS 1")) {
      assertEquals(
          "403 INCORRECT forbidden a statement that changes something needs the role admin, and ann"
              + " has the role submit",
          Client.error(ann.query("{\"sql\": \"" + sql + "\"}")),
          sql);
    }
    assertEquals(200, admin.query("{\"sql\": \"CREATE TABLE t AS SELECT 1 AS a\"}").statusCode());
    assertEquals(200, ann.query("{\"sql\": \"FROM t\"}").statusCode());
    List<String> lines = Files.readAllLines(audit);
    JsonNode refused = Client.json(lines.get(0));
    assertEquals("reader", refused.get("caller").asText());
    assertEquals("refused", refused.get("action").asText());
    JsonNode created = Client.json(lines.get(lines.size() - 1));
    assertEquals("root", created.get("caller").asText());
    assertEquals("statement", created.get("action").asText());
    assertEquals("CREATE TABLE t AS SELECT 1 AS a", created.get("detail").asText());
  }

  @Test
  void onesQueriesAreHidden() throws Exception {
    long id = ann.submit("SELECT count(*) AS n FROM range(1000000000000)");
    String path = "/v1/queries/" + id;
    assertEquals(1, Client.json(ann.get("/v1/queries")).get("running").size());
    assertEquals(0, Client.json(bob.get("/v1/queries")).get("running").size());
    assertEquals(0, Client.json(reader.get("/v1/queries")).get("running").size());
    String missing = "404 INCORRECT no-such-query no query " + id + " runs or is remembered";
    assertEquals(missing, Client.error(bob.get(path)));
    assertEquals(missing, Client.error(bob.delete(path)));
    assertEquals(missing, Client.error(bob.patch(path, "{\"priority\": \"high\"}")));
    assertEquals(missing, Client.error(bob.get(path + "/result")));
    assertEquals(missing, Client.error(bob.get(path + "/events")));
    assertEquals(
        "ann", Client.json(admin.get("/v1/queries")).get("running").get(0).get("owner").asText());
    assertEquals(200, ann.patch(path, "{\"priority\": \"low\"}").statusCode());
    assertEquals(202, admin.delete(path).statusCode());
    Query query = engine.queries().find(id);
    assertNotNull(query);
    OneServer.await(engine, () -> query.state().isEnded());
    assertEquals(Reason.PERSON, query.cause());
    assertEquals(
        "409 CANCELLED cancelled the query was cancelled by root",
        Client.error(ann.get(path + "/result")));
    assertTrue(
        Files.readString(audit).contains("\"action\":\"cancel\",\"query\":" + id),
        Files.readString(audit));
  }

  @Test
  void withoutTokensOnlyTheLoopbackAddressIsServed() {
    ServerOptions open = ServerOptions.defaults().withPort(0).withHost("0.0.0.0");
    assertEquals(
        "without tokens the server listens on the loopback address only, and 0.0.0.0 is none: give a"
            + " file of tokens, or listen on 127.0.0.1",
        assertThrows(
                PenstockException.class,
                () -> Server.start(engine, new SqlCatalog(engine), open).close())
            .getMessage());
    ServerOptions taken = ServerOptions.defaults().withPort(server.port());
    assertEquals(
        "the server cannot listen on 127.0.0.1:" + server.port() + ": Address already in use",
        assertThrows(
                PenstockException.class,
                () -> Server.start(engine, new SqlCatalog(engine), taken).close())
            .getMessage());
  }
}
