package dev.penstock.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.sparql.store.TripleStore;
import dev.penstock.sql.SqlCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.atlas.web.HttpException;
import org.apache.jena.graph.Graph;
import org.apache.jena.query.ARQ;
import org.apache.jena.rdfconnection.RDFConnection;
import org.apache.jena.rdfconnection.RDFConnectionRemote;
import org.apache.jena.riot.Lang;
import org.apache.jena.sparql.engine.http.QueryExceptionHTTP;
import org.apache.jena.sparql.exec.RowSet;
import org.apache.jena.sparql.exec.http.GSP;
import org.apache.jena.sparql.exec.http.QueryExecHTTP;
import org.apache.jena.sparql.exec.http.QueryExecHTTPBuilder;
import org.apache.jena.sparql.exec.http.QuerySendMode;
import org.eclipse.rdf4j.query.BindingSet;
import org.eclipse.rdf4j.query.TupleQuery;
import org.eclipse.rdf4j.query.TupleQueryResult;
import org.eclipse.rdf4j.query.UpdateExecutionException;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sparql.SPARQLRepository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The clients that people have. */
final class SparqlClientsTest {
  private static Engine engine;
  private static TripleStore store;
  private static Server server;
  private static String endpoint;

  @BeforeAll
  static void start() {
    ARQ.init();
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    store = TripleStore.create(engine);
    StringBuilder data = new StringBuilder("@prefix : <http://x/> .\n");
    for (int i = 0; i < 3000; i++) {
      data.append(":s").append(i).append(" :p ").append(i).append(" .\n");
    }
    store.load(data + "[] :q \"a\\tb\\n\"@en .", Lang.TURTLE);
    store.load("<http://x/g> { <http://x/a> <http://x/q> 2.5 }", Lang.TRIG);
    server =
        Server.start(
            engine,
            new SqlCatalog(engine),
            store,
            ServerOptions.defaults().withPort(0).withGrace(Duration.ZERO));
    endpoint = server.address() + "sparql";
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
    engine.close();
  }

  private static QueryExecHTTPBuilder jena() {
    return QueryExecHTTP.service(endpoint);
  }

  @Test
  void jenaAsksInAllWays() {
    String query = "SELECT ?o { ?s <http://x/p> ?o } ORDER BY ?o";
    for (QuerySendMode mode :
        List.of(QuerySendMode.asGetAlways, QuerySendMode.asPostForm, QuerySendMode.asPost)) {
      try (QueryExecHTTP exec = jena().query(query).sendMode(mode).build()) {
        RowSet rows = exec.select();
        long n = 0;
        while (rows.hasNext()) {
          assertEquals(n++, rows.next().get("o").getLiteralValue().hashCode());
        }
        assertEquals(3000, n, mode.toString());
      }
    }
    for (String accept :
        List.of(
            "application/sparql-results+json",
            "application/sparql-results+xml",
            "text/tab-separated-values",
            "text/csv")) {
      try (QueryExecHTTP exec =
          jena().query("SELECT ?o { ?s <http://x/q> ?o }").acceptHeader(accept).build()) {
        assertEquals("a\tb\n", exec.select().next().get("o").getLiteralLexicalForm(), accept);
      }
    }
  }

  @Test
  void jenaGetsAnswersAndGraphs() {
    try (QueryExecHTTP exec = jena().query("ASK { ?s ?p 7 }").build()) {
      assertTrue(exec.ask());
    }
    try (QueryExecHTTP exec =
        jena().query("CONSTRUCT WHERE { ?s ?p 2.5 }").addDefaultGraphURI("http://x/g").build()) {
      Graph graph = exec.construct();
      assertEquals("http://x/a http://x/q \"2.5\"^^xsd:decimal", graph.find().next().toString());
    }
    try (QueryExecHTTP exec = jena().query("DESCRIBE <http://x/s1>").build()) {
      assertEquals(1, exec.describe().size());
    }
    String graphs = server.address() + "rdf-graph-store";
    assertEquals(3001, GSP.service(graphs).defaultGraph().GET().size());
    assertEquals(1, GSP.service(graphs).graphName("http://x/g").GET().size());
    HttpException none =
        assertThrows(
            HttpException.class, () -> GSP.service(graphs).graphName("http://x/none").GET().size());
    assertEquals(404, none.getStatusCode());
  }

  @Test
  void jenaConnects() {
    try (RDFConnection connection =
        RDFConnectionRemote.newBuilder()
            .destination(server.address().toString())
            .queryEndpoint("sparql")
            .gspEndpoint("rdf-graph-store")
            .build()) {
      List<String> found = new ArrayList<>();
      connection.querySelect(
          "SELECT ?s { ?s ?p 42 }", row -> found.add(row.getResource("s").getURI()));
      assertEquals(List.of("http://x/s42"), found);
      assertEquals(3001, connection.fetch().size());
    }
  }

  @Test
  void errorsReachClients() {
    try (QueryExecHTTP exec = jena().queryString("SELECT {").build()) {
      QueryExceptionHTTP e = assertThrows(QueryExceptionHTTP.class, exec::select);
      assertEquals(400, e.getStatusCode());
      assertTrue(e.getResponse().contains("\"line\":1,\"column\":8"), e.getResponse());
    }
  }

  @Test
  void rdf4jAsks() {
    SPARQLRepository repository = new SPARQLRepository(endpoint);
    try (RepositoryConnection connection = repository.getConnection()) {
      TupleQuery query =
          connection.prepareTupleQuery("SELECT ?s ?o { ?s <http://x/p> ?o FILTER(?o < 5) }");
      int n = 0;
      try (TupleQueryResult result = query.evaluate()) {
        for (BindingSet row : result) {
          assertTrue(row.getValue("s").stringValue().startsWith("http://x/s"));
          n++;
        }
      }
      assertEquals(5, n);
      assertTrue(connection.prepareBooleanQuery("ASK { ?s ?p 7 }").evaluate());
      assertEquals(
          1,
          connection
              .prepareGraphQuery("CONSTRUCT WHERE { <http://x/s1> ?p ?o }")
              .evaluate()
              .stream()
              .count());
      String longQuery =
          "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } # " + "a longer one is posted ".repeat(1000);
      try (TupleQueryResult result = connection.prepareTupleQuery(longQuery).evaluate()) {
        assertEquals("3001", result.next().getValue("n").stringValue());
      }
      UpdateExecutionException e =
          assertThrows(
              UpdateExecutionException.class,
              () -> connection.prepareUpdate("CLEAR ALL").execute());
      assertTrue(String.valueOf(e.getMessage()).contains("updates are refused"), e.toString());
    } finally {
      repository.shutDown();
    }
  }
}
