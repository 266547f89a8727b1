package dev.penstock.sparql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.store.TripleStore;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Solutions as rows of a plan: types of columns, and values. */
final class SparqlTablesTest {
  private static Engine engine;
  private static TripleStore store;

  @BeforeAll
  static void start() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    store = TripleStore.create(engine);
    store.load(
        """
        @prefix : <http://x/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        :ann :age 41 ; :pay 10.5 ; :size 1.7e0 ; :ok true ; :born "1985-01-31"^^xsd:date ;
             :seen "2026-01-31T12:00:00+02:00"^^xsd:dateTime ; :name "Ann"@en ; :knows :bo ;
             :mixed 1 ; :odd "01"^^xsd:int .
        :bo :age 42 ; :pay 9 ; :size 0.1e0 ; :ok false ; :born "1984-02-29"^^xsd:date ;
            :seen "2026-01-31T12:00:00.5Z"^^xsd:dateTime ; :name "Bo" ; :mixed "one" ; :odd 7 .
        :g { :ann :age "unknown" }
        """,
        Lang.TRIG);
    SparqlTables.offer(store);
  }

  @AfterAll
  static void stop() {
    store.close();
    engine.close();
  }

  /** Types of the columns, and rows by age. */
  private static String sparql(String what) {
    String text = "PREFIX : <http://x/> SELECT " + what + " ORDER BY ?a";
    String plan = "(sparql+ \"" + text.replace("\"", "\\\"") + "\")";
    try (Result result = engine.run(plan)) {
      return result.schema().fields().stream()
              .map(f -> f.type().toString())
              .collect(Collectors.joining(" "))
          + result.rows().stream().map(r -> " " + Arrays.toString(r)).collect(Collectors.joining());
    }
  }

  private static String of(String predicate) {
    return sparql("?v { ?s :age ?a ; :" + predicate + " ?v }");
  }

  @Test
  void typesAreThoseOfThePredicatesObjects() {
    assertEquals("int64 [41] [42]", of("age"));
    assertEquals("decimal(38,1) [10.5] [9.0]", of("pay"));
    assertEquals("float64 [1.7] [0.1]", of("size"));
    assertEquals("boolean [true] [false]", of("ok"));
    assertEquals("date [1985-01-31] [1984-02-29]", of("born"));
    assertEquals("timestamp [2026-01-31T10:00] [2026-01-31T12:00:00.500]", of("seen"));
    assertEquals("varchar [Ann] [Bo]", of("name"));
    assertEquals("varchar [http://x/bo]", of("knows"));
    assertEquals("varchar [1] [one]", of("mixed"));
    assertEquals("int64 [1] [7]", of("odd"));
    assertEquals("varchar", of("none"));
    assertEquals("varchar [unknown]", sparql("?v { GRAPH :g { ?s :age ?v BIND(1 AS ?a) } }"));
  }

  @Test
  void typesAreThoseOfExpressions() {
    String from = " { ?s :age ?a ; :pay ?pay ; :size ?size ; :name ?name . ";
    assertEquals("int64 [82] [84]", sparql("(?a * 2 AS ?v)" + from + "}"));
    assertEquals("decimal(38,18)", sparql("(?a / 2 AS ?v)" + from + "FILTER(?a > 50) }"));
    assertEquals("float64 [42.7] [42.1]", sparql("(?a + ?size AS ?v)" + from + "}"));
    assertEquals("boolean [false] [true]", sparql("(?a > 41 AS ?v)" + from + "}"));
    assertEquals("int64 [3] [2]", sparql("(STRLEN(?name) AS ?v)" + from + "}"));
    assertEquals("varchar [Ann] [Bo]", sparql("(STR(?name) AS ?v)" + from + "}"));
    assertEquals("varchar [41] [Bo]", sparql("(IF(?a = 41, ?a, ?name) AS ?v)" + from + "}"));
    assertEquals(
        "float64 [41.0] [42.0]",
        sparql("(<http://www.w3.org/2001/XMLSchema#double>(?a) AS ?v)" + from + "}"));
    assertEquals(
        "int64 int64 int64 [2, 83, 42]",
        sparql("(COUNT(*) AS ?n) (SUM(?x) AS ?v) (MAX(?x) AS ?m) { ?s :age ?x }")
            .replace(" ORDER", ""));
  }

  @Test
  void unboundIsNull() {
    assertEquals(
        "int64 varchar [41, http://x/bo] [42, null]",
        sparql("?a ?v { ?s :age ?a OPTIONAL { ?s :knows ?v } }"));
    assertEquals(
        "int64 varchar [1, null] [null, x]",
        sparql("?a ?v { VALUES (?a ?v) { (1 UNDEF) (UNDEF 'x') } }")
            .replace("[null, x] [1, null]", "[1, null] [null, x]"));
  }

  @Test
  void itIsAPartOfThePlan() {
    String plan =
        "(sort+ [n] (project+ [n dept] (join+ (project+ [[n name] a]"
            + " (sparql+ \"SELECT ?name ?a { ?s <http://x/name> ?name ; <http://x/age> ?a }\"))"
            + " (values+ [a dept] [[41 \"Law\"] [42 \"Art\"]]))))";
    try (Result result = engine.run(plan)) {
      assertEquals(
          "[Ann, Law] [Bo, Art]",
          result.rows().stream().map(Arrays::toString).collect(Collectors.joining(" ")));
    }
    assertTrue(engine.prepare(plan).written().contains("(sparql+ "));
    assertTrue(engine.prepare(plan).rewritten().contains("(table+ " + store.name()));
  }

  private static String error(String plan) {
    PenstockException e = assertThrows(PenstockException.class, () -> engine.run(plan).drain());
    return e.code() + " " + e.getMessage();
  }

  @Test
  void errorsHaveTheirPlace() {
    assertEquals(
        "sparql-kind plan:1:1: SPARQL: only SELECT gives a table, got ASK",
        error("(sparql+ \"ASK {}\")"));
    assertEquals(
        "sparql-syntax plan:1:1: SPARQL:1:1: expected a query, got 'CLEAR': there are no updates here,"
            + " triples come from files",
        error("(sparql+ \"CLEAR ALL\")"));
    assertEquals(
        "sparql-value ?v is a column of type int64, and"
            + " \"100000000000000000000\"^^xsd:integer is no value of it; make it a text, as in"
            + " (STR(?v) AS ?text)",
        error("(sparql+ \"SELECT (10000000000 * 10000000000 AS ?v) {}\")"));
    try (Engine other = Engine.create()) {
      PenstockException e =
          assertThrows(PenstockException.class, () -> other.prepare("(sparql+ \"SELECT * {}\")"));
      assertEquals(
          "plan:1:1: nothing is known here that answers queries of sparql: there are no triples",
          e.getMessage());
    }
  }

  @Test
  void laterTriplesAreSeenByLaterPlans() {
    try (TripleStore more = TripleStore.create(engine)) {
      SparqlTables.offer(more);
      String plan = "(sparql+ \"SELECT ?v { ?s <http://x/p> ?v }\")";
      assertEquals(List.of(), engine.run(plan).rows());
      more.load("<http://x/a> <http://x/p> 1 .", Lang.TURTLE);
      assertEquals(1L, engine.run(plan).rows().get(0)[0]);
      more.load("<http://x/a> <http://x/p> 2.5 .", Lang.TURTLE);
      assertEquals("1.0", String.valueOf(engine.run(plan).rows().get(0)[0]));
    } finally {
      SparqlTables.offer(store);
    }
  }
}
