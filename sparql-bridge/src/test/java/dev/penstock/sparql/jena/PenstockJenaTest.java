package dev.penstock.sparql.jena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.store.TripleStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.jena.atlas.iterator.Iter;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.query.QueryCancelledException;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.QuerySolution;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.ResultSet;
import org.apache.jena.riot.Lang;
import org.apache.jena.sparql.algebra.Algebra;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.core.Quad;
import org.apache.jena.sparql.core.Var;
import org.apache.jena.sparql.engine.binding.BindingFactory;
import org.apache.jena.sparql.exec.QueryExec;
import org.apache.jena.sparql.exec.RowSet;
import org.apache.jena.sparql.sse.SSE;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs of Jena run on the engine, and get what Jena would give them. */
final class PenstockJenaTest {
  private static Engine engine;
  private static TripleStore store;
  private static DatasetGraph dataset;
  private static long stored;

  @BeforeAll
  static void start() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    store = TripleStore.create(engine);
    store.load(
        """
        @prefix : <http://x/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        :a :knows :b . :b :knows :c . :c :knows :a . :a :age 41 . :b :age 42 .
        :bag a rdf:Bag ; rdf:_1 "one" ; rdf:_2 "two" .
        :g { :d :knows :e }
        """,
        Lang.TRIG);
    dataset = PenstockJena.dataset(store);
    stored = engine.budget().usedBytes();
    PenstockJena.register();
    PenstockJena.register();
  }

  @AfterAll
  static void stop() {
    PenstockJena.unregister();
    store.close();
    engine.close();
  }

  @AfterEach
  void nothingIsLeft() {
    assertEquals(List.of(), engine.queries().running());
    assertEquals(stored, engine.budget().usedBytes());
  }

  private static QueryExec exec(String query) {
    return QueryExec.dataset(dataset).query("PREFIX : <http://x/> " + query).build();
  }

  /** Sorted solutions; and how many queries the engine ran for them. */
  private static String rows(String query) {
    long before = engine.queries().begun();
    try (QueryExec exec = exec(query)) {
      List<String> out = new ArrayList<>();
      exec.select().forEachRemaining(row -> out.add(row.toString()));
      return out.stream().sorted().collect(Collectors.joining(" "))
          + " by "
          + (engine.queries().begun() - before);
    }
  }

  @Test
  void theExampleOfTheReadme() throws IOException {
    List<String> found = new ArrayList<>();
    // example
    try (Engine engine = Engine.create();
        TripleStore store = TripleStore.create(engine)) {
      store.load("<http://x/a> <http://x/knows> <http://x/b> .", Lang.TURTLE);
      PenstockJena.register();
      Dataset dataset = DatasetFactory.wrap(PenstockJena.dataset(store));
      try (QueryExecution exec = QueryExecutionFactory.create("SELECT ?s { ?s ?p ?o }", dataset)) {
        for (ResultSet rows = exec.execSelect(); rows.hasNext(); ) {
          QuerySolution row = rows.next();
          found.add(row.getResource("s").getURI());
        }
      }
    }
    // end
    assertEquals(List.of("http://x/a"), found);
    String source =
        Files.readString(Path.of("src/test/java/dev/penstock/sparql/jena/PenstockJenaTest.java"));
    String code =
        source.substring(
            source.indexOf("// example\n") + "// example\n".length(),
            source.indexOf("    // end\n"));
    String readme = Files.readString(Path.of("README.md"));
    assertTrue(readme.contains(code.indent(-4)), "README.md lacks\n" + code.indent(-4));
  }

  @Test
  void solutionsAreTheEngines() {
    assertEquals("( ?s = <http://x/b> ) by 1", rows("SELECT ?s { ?s :age ?n FILTER(?n > 41) }"));
    assertEquals("( ?n = 3 ) by 1", rows("SELECT (COUNT(*) AS ?n) { :a :knows+ ?o }"));
    assertEquals("( ?g = <http://x/g> ) by 1", rows("SELECT ?g { GRAPH ?g { ?s ?p ?o } }"));
    assertEquals("( ?s = <http://x/d> ) by 1", rows("SELECT ?s FROM :g { ?s ?p ?o }"));
  }

  @Test
  void whatTheEngineRefusesJenaRuns() {
    String member = "<http://www.w3.org/2000/01/rdf-schema#member>";
    assertEquals(
        "( ?o = \"one\" ) ( ?o = \"two\" ) by 0", rows("SELECT ?o { :bag " + member + " ?o }"));
    assertEquals(
        "( ?s = <http://x/d> ) by 0",
        rows("SELECT ?s { GRAPH <urn:x-arq:UnionGraph> { ?s :knows ?o } }"));
    String path = rows("SELECT ?o { :a (:knows{2}) ?o }");
    assertTrue(path.startsWith("( ?o = <http://x/c> )"), path);
    List<String> all = new ArrayList<>();
    Algebra.exec(SSE.parseOp("(bgp (triple ?s <http://x/age> ?o))"), dataset)
        .forEachRemaining(row -> all.add(row.toString()));
    assertEquals(2, all.size());
    try (QueryExec exec =
        QueryExec.dataset(dataset)
            .query("SELECT ?o { ?s <http://x/knows> ?o }")
            .substitution(
                BindingFactory.binding(Var.alloc("s"), NodeFactory.createURI("http://x/b")))
            .build()) {
      assertEquals("http://x/c", exec.select().next().get("o").getURI());
    }
  }

  @Test
  void answersAndGraphs() {
    long before = engine.queries().begun();
    try (QueryExec exec = exec("ASK { :a :knows :b }")) {
      assertTrue(exec.ask());
    }
    try (QueryExec exec = exec("ASK { :b :knows :a }")) {
      assertFalse(exec.ask());
    }
    try (QueryExec exec = exec("CONSTRUCT { ?o :known ?s } { ?s :knows ?o }")) {
      assertEquals(3, exec.construct().size());
    }
    try (QueryExec exec = exec("DESCRIBE :a")) {
      assertEquals(2, exec.describe().size());
    }
    assertEquals(5, engine.queries().begun() - before, "DESCRIBE asks twice");
  }

  @Test
  void aTimeoutCancels() {
    String endless = "SELECT (COUNT(*) AS ?n) { " + pattern(24) + " }";
    try (QueryExec exec =
        QueryExec.dataset(dataset).query(endless).timeout(100, TimeUnit.MILLISECONDS).build()) {
      assertThrows(QueryCancelledException.class, () -> exec.select().hasNext());
    }
    PenstockException error = engine.queries().history().get(0).error();
    assertEquals(
        "the query was cancelled through Jena", Objects.requireNonNull(error).getMessage());
  }

  private static String pattern(int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      out.append("?s").append(i).append(" ?p").append(i).append(" ?o").append(i).append(" . ");
    }
    return out.toString();
  }

  @Test
  void aResultNeedNotBeRead() {
    try (QueryExec exec = exec("SELECT * { " + pattern(6) + " }")) {
      RowSet rows = exec.select();
      assertTrue(rows.hasNext());
    }
  }

  @Test
  void theDatasetIsRead() {
    dataset.begin(ReadWrite.READ);
    assertTrue(dataset.isInTransaction());
    dataset.end();
    assertEquals(9, Iter.count(dataset.find()));
    assertEquals(8, dataset.getDefaultGraph().size());
    assertEquals(1, dataset.getGraph(NodeFactory.createURI("http://x/g")).size());
    assertEquals(0, dataset.getGraph(NodeFactory.createURI("http://x/none")).size());
    assertTrue(dataset.containsGraph(NodeFactory.createURI("http://x/g")));
    assertFalse(dataset.containsGraph(NodeFactory.createURI("http://x/none")));
    assertEquals(1, dataset.size());
    Quad quad = SSE.parseQuad("(_ <http://x/a> <http://x/age> 41)");
    for (Runnable change : List.<Runnable>of(() -> dataset.add(quad), () -> dataset.delete(quad))) {
      assertEquals(
          "a store of Penstock is filled by TripleStore.load, not through Jena",
          assertThrows(UnsupportedOperationException.class, change::run).getMessage());
    }
  }
}
