package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.SqlCatalog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.jena.graph.Graph;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.ModelFactory;
import org.apache.jena.rdf.model.Property;
import org.apache.jena.rdf.model.Resource;
import org.apache.jena.rdf.model.ResourceFactory;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFLanguages;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.vocabulary.RDF;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The W3C's tests of the protocol, of the service description and of reading graphs. They lie
 * beside the project ({@code ../shared/w3c}), or where the system property {@code penstock.w3c} or
 * the variable {@code PENSTOCK_W3C} says; without them this is skipped.
 */
final class ProtocolW3cTest {
  private static final String SD = "http://www.w3.org/ns/sparql-service-description#";

  /** What a graph store that is only read has not. */
  private static final Set<String> WRITING = Set.of("POST");

  private Engine engine;
  private TripleStore store;
  private Server server;
  private Client client;

  @BeforeEach
  void start() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    store = TripleStore.create(engine);
    server =
        Server.start(
            engine,
            new SqlCatalog(engine),
            store,
            ServerOptions.defaults().withPort(0).withGrace(Duration.ZERO));
    client = new Client(server.address());
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
    engine.close();
  }

  private static Path root() {
    String given = System.getProperty("penstock.w3c", System.getenv("PENSTOCK_W3C"));
    Path root = given == null ? Path.of("..", "..", "shared", "w3c") : Path.of(given);
    Path sparql = root.resolve("sparql").resolve("sparql11").toAbsolutePath().normalize();
    if (!Files.isDirectory(sparql)) {
      System.err.println(
          "SKIPPED: the W3C's SPARQL tests are not at " + sparql + "; PENSTOCK_W3C says where");
    }
    assumeTrue(Files.isDirectory(sparql), "the W3C's tests are not there");
    return sparql;
  }

  private HttpResponse<String> send(HttpManifest.Request r, String path) {
    HttpRequest.Builder request =
        client
            .request(path)
            .method(
                r.method(),
                r.body().isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(
                        r.body().getBytes(Charset.forName(r.encoding()))));
    r.headers().forEach(request::header);
    return client.send(request);
  }

  private static boolean isExpected(List<String> names, int status) {
    return names.stream()
        .anyMatch(
            name ->
                switch (name) {
                  case "OK" -> status == 200;
                  case "Created" -> status == 201;
                  case "NoContent" -> status == 204;
                  case "NotFound" -> status == 404;
                  default -> name.equals("StatusCode" + status / 100 + "xx");
                });
  }

  private static String type(HttpResponse<?> r) {
    return r.headers().firstValue("Content-Type").orElse("").split(";")[0];
  }

  private static Graph graph(String text, String type, String base) {
    Lang lang = RDFLanguages.contentTypeToLang(type);
    return RDFParser.fromString(text, lang).base(base).toGraph();
  }

  /** What is wrong with a response, or nothing. */
  private static String wrong(HttpManifest.Request r, HttpResponse<String> got) {
    if (!isExpected(r.statuses(), got.statusCode())) {
      return "expected " + r.statuses() + ", got " + got.statusCode() + " " + got.body();
    }
    boolean fits =
        switch (r.format()) {
          case "boolean" ->
              type(got).equals("application/sparql-results+json")
                  && Client.json(got).get("boolean").isBoolean()
                  && (r.answer().isEmpty()
                      || Client.json(got).get("boolean").asText().equals(r.answer()));
          case "tabular" ->
              type(got).equals("application/sparql-results+json")
                  && Client.json(got).at("/results/bindings").isArray();
          case "RDF" -> graph(got.body(), type(got), "http://www.example/") != null;
          default -> true;
        };
    return fits ? "" : "expected " + r.format() + " " + r.answer() + ", got " + got.body();
  }

  @Test
  void protocol() {
    List<String> failures = new ArrayList<>();
    int run = 0;
    Map<String, String> loaded = new LinkedHashMap<>();
    for (HttpManifest.Case test :
        HttpManifest.read(root().resolve("protocol").resolve("manifest.ttl"))) {
      if (test.id().startsWith("update_")) {
        continue; // updates are refused
      }
      run++;
      test.graphs()
          .forEach(
              (name, file) -> {
                String before = loaded.put(name, file);
                if (before == null) {
                  store.load(Path.of(URI.create(file)), name);
                } else {
                  assertEquals(before, file);
                }
              });
      for (HttpManifest.Request r : test.requests()) {
        String wrong = wrong(r, send(r, r.path()));
        if (!wrong.isEmpty()) {
          failures.add(test.id() + ": " + wrong);
        }
      }
    }
    assertEquals("", String.join("\n", failures));
    assertEquals(27, run);
  }

  @Test
  void graphs() throws IOException {
    List<String> failures = new ArrayList<>();
    int run = 0;
    for (String manifest : List.of("manifest-indirect.ttl", "manifest-direct.ttl")) {
      for (HttpManifest.Case test :
          HttpManifest.read(root().resolve("graph-store-protocol").resolve(manifest))) {
        if (test.requests().stream().anyMatch(r -> WRITING.contains(r.method()))) {
          continue;
        }
        run++;
        Map<String, String> held = new LinkedHashMap<>();
        for (HttpManifest.Request r : test.requests()) {
          String wrong = graphRequest(r, held);
          if (!wrong.isEmpty()) {
            failures.add(test.id() + " " + r.method() + " " + r.path() + ": " + wrong);
          }
        }
      }
    }
    assertEquals("", String.join("\n", failures));
    assertEquals(10, run);
  }

  /** What changes a graph is refused, and done here; what reads it is asked for. */
  private String graphRequest(HttpManifest.Request r, Map<String, String> held) throws IOException {
    String here = server.address() + "rdf-graph-store";
    String path =
        r.path()
            .replace("http%3A%2F%2Fwww.example%2Fgsp", here)
            .replace("http://www.example/gsp", here)
            .replaceFirst("^/gsp", "/rdf-graph-store");
    HttpResponse<String> got = send(r, path);
    if (r.method().equals("GET") || r.method().equals("HEAD")) {
      String wrong = wrong(r, got);
      if (!wrong.isEmpty() || r.triples().isEmpty()) {
        return wrong;
      }
      Graph expected = graph(r.triples(), "text/turtle", here);
      return expected.isIsomorphicWith(graph(got.body(), type(got), here))
          ? ""
          : "expected " + r.triples() + ", got " + got.body();
    }
    String name =
        path.contains("?graph=")
            ? URLDecoder.decode(path.substring(path.indexOf('=') + 1), StandardCharsets.UTF_8)
            : path.endsWith("?default") ? "" : server.address().resolve(path).toString();
    if (r.method().equals("DELETE")) {
      held.remove(name);
    } else {
      held.put(name, r.body());
    }
    store.clear();
    for (Map.Entry<String, String> e : held.entrySet()) {
      try (InputStream in =
          new ByteArrayInputStream(e.getValue().getBytes(StandardCharsets.UTF_8))) {
        store.load(in, Lang.TURTLE, "test", here, e.getKey().isEmpty() ? null : e.getKey());
      }
    }
    return got.statusCode() == 405 ? "" : "expected 405, got " + got.statusCode();
  }

  @Test
  void serviceDescription() {
    store.load("<a> <b> <c> . <a> <b> 1 .", Lang.TURTLE);
    assertEquals(
        List.of("has-endpoint-triple", "returns-rdf", "conforms-to-schema"),
        HttpManifest.names(root().resolve("service-description").resolve("manifest.ttl")));
    HttpResponse<String> got = client.get("/sparql");
    Model model = ModelFactory.createModelForGraph(graph(got.body(), type(got), "http://x/"));
    Resource service =
        model.listSubjectsWithProperty(RDF.type, resource("Service")).toList().get(0);
    assertEquals(
        server.address() + "sparql",
        service.getProperty(property("endpoint")).getResource().getURI());
    // the vocabulary's own domains and ranges, as far as it is used
    Map<String, String> domains =
        Map.of(
            "endpoint", "Service",
            "resultFormat", "Service",
            "supportedLanguage", "Service",
            "defaultDataset", "Service",
            "defaultGraph", "Dataset",
            "namedGraph", "Dataset",
            "name", "NamedGraph",
            "graph", "NamedGraph");
    Map<String, String> ranges =
        Map.of(
            "defaultDataset", "Dataset",
            "defaultGraph", "Graph",
            "namedGraph", "NamedGraph",
            "graph", "Graph");
    model
        .listStatements()
        .filterKeep(s -> s.getPredicate().getNameSpace().equals(SD))
        .forEach(
            s -> {
              String name = s.getPredicate().getLocalName();
              assertTrue(domains.containsKey(name), s.toString());
              assertTrue(
                  s.getSubject().hasProperty(RDF.type, resource(domains.get(name))), s.toString());
              if (ranges.containsKey(name)) {
                assertTrue(
                    s.getResource().hasProperty(RDF.type, resource(ranges.get(name))),
                    s.toString());
              }
            });
  }

  private static Resource resource(String name) {
    return ResourceFactory.createResource(SD + name);
  }

  private static Property property(String name) {
    return ResourceFactory.createProperty(SD + name);
  }
}
