package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.server.access.Origins;
import dev.penstock.server.access.Role;
import dev.penstock.server.access.Tokens;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.SqlCatalog;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SPARQL protocol, request by request. */
final class SparqlTest {
  private static final String SITE = "https://yasgui.example";

  /** 20^5 solutions. */
  private static final String MANY =
      "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }";

  private static Engine engine;
  private static TripleStore store;
  private static Server server;
  private static Client client;
  private static long stored;

  @TempDir static Path folder;

  @BeforeAll
  static void start() throws Exception {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    store = TripleStore.create(engine);
    StringBuilder data = new StringBuilder("@prefix : <http://x/> .\n");
    for (int i = 0; i < 20; i++) {
      data.append(":s").append(i).append(" :p ").append(i).append(" .\n");
    }
    store.load(data.toString(), Lang.TURTLE);
    store.load("<http://x/a> <http://x/q> \"ä\"@de <http://x/g> .\n", Lang.NQUADS);
    stored = engine.budget().usedBytes();
    server = start(ServerOptions.defaults().withOrigins(new Origins(Set.of(SITE))));
    client = new Client(server.address());
  }

  private static Server start(ServerOptions options) {
    return Server.start(
        engine, new SqlCatalog(engine), store, options.withPort(0).withGrace(Duration.ZERO));
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
    engine.close();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    OneServer.await(engine, () -> engine.queries().running().isEmpty());
    long end = System.nanoTime() + 5_000_000_000L;
    while (engine.budget().usedBytes() != stored && System.nanoTime() < end) {
      Thread.onSpinWait(); // what a query holds beside its plan is freed after its end
    }
    assertEquals(stored, engine.budget().usedBytes());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static HttpResponse<String> ask(String query, String... headers) {
    HttpRequest.Builder r = client.request("/sparql?query=" + encoded(query));
    return client.send(headers.length == 0 ? r : r.headers(headers));
  }

  private static String type(HttpResponse<?> r) {
    return r.headers().firstValue("Content-Type").orElse("");
  }

  private static HttpResponse<String> post(String type, String body) {
    return client.send(
        client
            .request("/sparql")
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Test
  void threeWaysToAsk() {
    String query = "SELECT ?o { <http://x/s3> ?p ?o }";
    HttpResponse<String> got = ask(query, "Accept", "text/csv");
    assertEquals("o\r\n3\r\n", got.body());
    assertTrue(got.headers().firstValue("Penstock-Query").isPresent());
    HttpResponse<String> form =
        post(
            "application/x-www-form-urlencoded; charset=utf-8",
            "format=csv&unknown=1&query=" + encoded(query));
    assertEquals("o\r\n3\r\n", form.body());
    HttpResponse<String> direct = post("application/sparql-query", query);
    assertEquals("application/sparql-results+json", type(direct));
    assertEquals(
        "{\"o\":{\"type\":\"literal\",\"datatype\":\"http://www.w3.org/2001/XMLSchema#integer\","
            + "\"value\":\"3\"}}",
        Client.json(direct).at("/results/bindings/0").toString());
  }

  @Test
  void formatsGoByAccept() {
    String select = "SELECT ?o { GRAPH ?g { ?s ?p ?o } }";
    assertEquals(
        "application/sparql-results+xml",
        type(ask(select, "Accept", "application/sparql-results+xml, */*;q=0.1")));
    HttpResponse<String> tsv =
        ask(select, "Accept", "text/csv;q=0.5, text/tab-separated-values;q=0.7, image/png");
    assertEquals("?o\n\"ä\"@de\n", tsv.body());
    assertEquals("text/tab-separated-values; charset=utf-8", type(tsv));
    assertEquals("application/json", type(ask(select, "Accept", "application/json")));
    assertEquals("application/sparql-results+json", type(ask(select, "Accept", "*/*;q=0.1")));
    assertEquals(
        "application/sparql-results+xml",
        type(
            ask(
                select,
                "Accept",
                "application/*, application/sparql-results+json;q=0, application/json;q=0")));
    String construct = "CONSTRUCT { ?s <http://x/r> ?o } { GRAPH ?g { ?s ?p ?o } }";
    assertEquals(
        "<http://x/a> <http://x/r> \"ä\"@de .\n",
        ask(construct, "Accept", "application/n-triples").body());
    assertEquals("text/turtle; charset=utf-8", type(ask(construct)));
    assertEquals("application/rdf+xml", type(ask(construct, "Accept", "application/rdf+xml")));
    assertEquals("application/ld+json", type(ask(construct, "Accept", "application/ld+json")));
    assertEquals(
        "application/ld+json", type(client.get("/sparql?format=json&query=" + encoded(construct))));
    assertEquals(
        "406 INCORRECT not-acceptable Accept: expected one of text/turtle, application/n-triples,"
            + " application/rdf+xml, application/ld+json or */*, got 'text/csv'",
        Client.error(ask(construct, "Accept", "text/csv")));
    assertEquals(
        "400 INCORRECT unknown-format format: expected one of json, xml, csv, tsv, got 'pdf'",
        Client.error(client.get("/sparql?format=pdf&query=" + encoded(select))));
  }

  @Test
  void answersArePacked() throws Exception {
    HttpRequest.Builder request =
        client
            .request("/sparql?format=csv&query=" + encoded("SELECT ?s { ?s ?p 7 }"))
            .header("Accept-Encoding", "gzip, deflate");
    HttpResponse<byte[]> r =
        java.net.http.HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
    assertEquals("gzip", r.headers().firstValue("Content-Encoding").orElse(""));
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(r.body()))) {
      assertEquals("s\r\nhttp://x/s7\r\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void parametersNameTheDataset() {
    String count = "/sparql?format=csv&query=" + encoded("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }");
    assertEquals("n\r\n20\r\n", client.get(count).body());
    String g = encoded("http://x/g");
    assertEquals("n\r\n1\r\n", client.get(count + "&default-graph-uri=" + g).body());
    assertEquals("n\r\n0\r\n", client.get(count + "&named-graph-uri=" + g).body());
    String from = encoded("ASK FROM <http://x/none> { ?s ?p ?o }");
    assertTrue(client.get("/sparql?query=" + from).body().contains("false"));
    assertTrue(
        client.get("/sparql?default-graph-uri=" + g + "&query=" + from).body().contains("true"));
  }

  @Test
  void wrongRequestsAreToldInOneLine() {
    assertEquals(
        "400 INCORRECT sparql-syntax 2:11 expected one of <VAR1> <VAR2>, got '}'",
        Client.error(ask("SELECT *\n{ ?s ?p   }"))
            .replaceAll("expected one of .*, got", "expected one of <VAR1> <VAR2>, got"));
    assertEquals(
        "400 INCORRECT sparql-query expected one query, got several",
        Client.error(client.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D")));
    assertEquals(
        "400 INCORRECT encoding parameters: expected UTF-8, got other bytes",
        Client.error(client.get("/sparql?query=%ff")));
    assertEquals(
        "400 INCORRECT sparql-query expected a parameter 'query', got none",
        Client.error(post("application/x-www-form-urlencoded", "a=b")));
    assertEquals(
        "415 INCORRECT content-type Content-Type: expected application/x-www-form-urlencoded or"
            + " application/sparql-query, got 'text/plain'",
        Client.error(post("text/plain", "ASK {}")));
    String refused =
        "403 INCORRECT sparql-update updates are refused here: triples are loaded when the server"
            + " starts";
    assertEquals(refused, Client.error(post("application/sparql-update", "CLEAR ALL")));
    assertEquals(
        refused, Client.error(post("application/x-www-form-urlencoded", "update=CLEAR+ALL")));
    assertEquals(
        "422 UNSUPPORTED sparql-unsupported SERVICE http://x/ is not supported here;"
            + " docs/sparql-deviations.md lists what is",
        Client.error(ask("ASK { SERVICE <http://x/> { ?s ?p ?o } }")));
    assertEquals(
        "400 INCORRECT parameter timeout: expected a number of seconds up to 1e9, got 'soon'",
        Client.error(client.get("/sparql?timeout=soon&query=ASK%7B%7D")));
  }

  @Test
  void timeoutsEndQueries() {
    String endless =
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n0 ?o . ?q ?r ?s . ?t ?u ?v . ?w ?x ?y . ?z ?aa ?ab }";
    HttpResponse<String> r = client.get("/sparql?timeout=0.2&query=" + encoded(endless));
    assertEquals(504, r.statusCode(), r.body());
    assertEquals("timed-out", Client.json(r).at("/error/code").asText());
    Query query = engine.queries().history().get(0);
    assertEquals(endless, query.text());
    assertEquals("local", query.owner());
  }

  @Test
  void aClientThatGoesAwayEndsItsQuery() throws Exception {
    Query query;
    try (Socket socket = Sockets.open(server.port())) {
      Sockets.write(
          socket,
          "GET /sparql?format=tsv&query=" + encoded(MANY) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertTrue(socket.getInputStream().read(new byte[1000]) > 0);
      query = engine.queries().running().get(0);
    }
    OneServer.await(engine, () -> query.state().isEnded());
    assertEquals(Reason.CLIENT_GONE, query.cause());
  }

  @Test
  void aLateErrorCutsTheConnection() throws Exception {
    ServerLimits limits = ServerLimits.defaults().withResultRows(10_000);
    try (Server small = start(ServerOptions.defaults().withLimits(limits))) {
      String raw =
          Sockets.exchange(
              small.port(),
              "GET /sparql?query=" + encoded(MANY) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertTrue(raw.startsWith("HTTP/1.1 200 OK\r\n"), raw.substring(0, 100));
      assertFalse(raw.endsWith("\r\n0\r\n\r\n"));
      HttpResponse<String> few =
          new Client(small.address())
              .send(
                  new Client(small.address())
                      .request(
                          "/sparql?query="
                              + encoded("CONSTRUCT { ?a ?b ?c } " + MANY.substring(9))));
      assertEquals(
          "422 LIMIT result-rows the result has more rows than may be read; ask for fewer (LIMIT)",
          Client.error(few));
    }
  }

  @Test
  void theServiceIsDescribed() {
    HttpResponse<String> r = client.get("/sparql");
    assertEquals("text/turtle; charset=utf-8", type(r));
    assertTrue(r.body().contains("sd:endpoint"), r.body());
    HttpRequest.Builder lines = client.request("/sparql").header("Accept", "application/n-triples");
    String triples = client.send(lines).body();
    for (String told :
        List.of(
            "<http://www.w3.org/ns/sparql-service-description#endpoint> <"
                + server.address()
                + "sparql> .",
            "<http://www.w3.org/ns/sparql-service-description#name> <http://x/g> .",
            "<http://rdfs.org/ns/void#property> <http://x/p> .",
            "<http://rdfs.org/ns/void#distinctSubjects> \"20\"^^",
            "<http://rdfs.org/ns/void#triples> \"21\"^^")) {
      assertTrue(triples.contains(told), told + " is not in " + triples);
    }
  }

  @Test
  void graphsCanBeRead() {
    String g = "/rdf-graph-store?format=ntriples&graph=" + encoded("http://x/g");
    assertEquals("<http://x/a> <http://x/q> \"ä\"@de .\n", client.get(g).body());
    HttpResponse<String> all = client.get("/rdf-graph-store?default&format=ntriples");
    assertEquals(20, all.body().lines().count());
    assertEquals("text/turtle; charset=utf-8", type(client.get("/rdf-graph-store?default")));
    assertTrue(client.get("/rdf-graph-store?default&format=xml").body().contains("<rdf:RDF"));
    assertEquals(
        "404 INCORRECT no-such-graph there is no graph http://x/none",
        Client.error(client.get("/rdf-graph-store?graph=" + encoded("http://x/none"))));
    assertEquals(
        "404 INCORRECT no-such-graph there is no graph " + server.address() + "rdf-graph-store/a/b",
        Client.error(client.get("/rdf-graph-store/a/b")));
    for (String wrong : List.of("", "?default&graph=" + encoded("http://x/g"))) {
      assertEquals(
          "400 INCORRECT graph expected either ?default, or ?graph=IRI, or a path below that is a"
              + " graph's name",
          Client.error(client.get("/rdf-graph-store" + wrong)));
    }
    assertEquals(405, client.delete("/rdf-graph-store?default").statusCode());
  }

  @Test
  void theHeadOfAGraphIsThatOfItsContent() throws Exception {
    String path = "/rdf-graph-store?default HTTP/1.1\r\nHost: localhost\r\n";
    String rest = "Origin: " + SITE + "\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n";
    String head = Sockets.exchange(server.port(), "HEAD " + path + rest);
    assertTrue(head.startsWith("HTTP/1.1 200 OK"), head);
    assertTrue(head.contains("Content-Type: text/turtle; charset=utf-8"), head);
    assertTrue(head.contains("Content-Encoding: gzip"), head);
    assertFalse(head.contains("Content-Length"), head);
    assertTrue(head.endsWith("\r\n\r\n"), head);
    String get = Sockets.exchange(server.port(), "GET " + path + rest);
    for (String response : List.of(head, get)) {
      assertEquals(
          List.of("Vary: Origin, Accept, Accept-Encoding"),
          response.lines().filter(l -> l.startsWith("Vary")).toList());
    }
  }

  @Test
  void theTriplesAreNoTable() {
    assertEquals("{\"tables\":[]}", client.get("/v1/tables").body().strip());
  }

  @Test
  void onlyPagesOfNamedSitesAreLetIn() throws Exception {
    String origin = "Origin: " + SITE + "\r\nSec-Fetch-Site: cross-site\r\n\r\n";
    String get = "GET /sparql?query=ASK%7B%7D HTTP/1.0\r\nHost: localhost\r\n";
    String let = Sockets.exchange(server.port(), get + origin);
    assertTrue(let.startsWith("HTTP/1.1 200 OK"), let);
    assertTrue(let.contains("Access-Control-Allow-Origin: " + SITE), let);
    String asked =
        Sockets.exchange(server.port(), "OPTIONS /sparql HTTP/1.0\r\nHost: localhost\r\n" + origin);
    assertTrue(asked.startsWith("HTTP/1.1 204"), asked);
    assertTrue(asked.contains("Access-Control-Allow-Headers: Accept, Authorization"), asked);
    String strange = get + origin.replace(SITE, "https://evil.example");
    String refused = Sockets.exchange(server.port(), strange);
    assertTrue(refused.startsWith("HTTP/1.1 403"), refused);
    assertFalse(refused.contains("Access-Control"), refused);
    String elsewhere =
        Sockets.exchange(server.port(), get.replace("/sparql", "/v1/queries") + origin);
    assertTrue(elsewhere.startsWith("HTTP/1.1 403"), elsewhere);
    assertEquals(
        "without tokens any page in a browser could read everything: name the origins of pages that"
            + " may ask, or give a file of tokens",
        assertThrows(
                PenstockException.class,
                () -> start(ServerOptions.defaults().withOrigins(new Origins(Set.of("*")))).close())
            .getMessage());
  }

  @Test
  void rolesHoldHereToo() throws Exception {
    Path file = folder.resolve("tokens");
    Files.writeString(
        file,
        String.join(
            "\n", Tokens.line("reader", Role.READ, "r"), Tokens.line("ann", Role.SUBMIT, "a")));
    ServerOptions options =
        ServerOptions.defaults()
            .withTokens(Tokens.read(file))
            .withOrigins(new Origins(Set.of("*")));
    try (Server guarded = start(options)) {
      String query = "/sparql?query=ASK%7B%7D";
      assertEquals(401, new Client(guarded.address()).get(query).statusCode());
      Client reader = new Client(guarded.address(), "r");
      assertEquals(200, reader.get("/sparql").statusCode());
      assertEquals(
          "403 INCORRECT forbidden submitting a query needs the role submit, and reader has the role"
              + " read",
          Client.error(reader.get(query)));
      assertEquals(403, reader.get("/rdf-graph-store?default").statusCode());
      assertEquals(200, new Client(guarded.address(), "a").get(query).statusCode());
      assertEquals("ann", engine.queries().history().get(0).owner());
    }
  }

  @Test
  void withoutTriplesThereIsNothingToAsk() {
    try (Server bare =
        Server.start(
            engine,
            new SqlCatalog(engine),
            ServerOptions.defaults().withPort(0).withGrace(Duration.ZERO))) {
      assertEquals(
          "404 INCORRECT no-triples this server has no triples; it gets them by files of RDF (--data"
              + " people.ttl), --store or its catalog file",
          Client.error(new Client(bare.address()).get("/sparql?query=ASK%7B%7D")));
    }
  }
}
