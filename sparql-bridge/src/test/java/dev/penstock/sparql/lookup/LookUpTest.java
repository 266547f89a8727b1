package dev.penstock.sparql.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.CancellationToken.Reason;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlQuery;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.store.TripleStore;
import java.util.List;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which queries are look-ups; what they give is compared by ArqTest and W3cTest. */
class LookUpTest {
  private static final String PREFIX = "PREFIX : <http://x/> ";
  private static final int PEOPLE = 3000;

  private static Engine engine;
  private static TripleStore store;

  @BeforeAll
  static void load() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    store = TripleStore.create(engine);
    StringBuilder data = new StringBuilder("@prefix : <http://x/> .\n");
    for (int i = 0; i < PEOPLE; i++) {
      data.append(":p" + i + " :name \"n" + i + "\" ; :age " + i % 80 + " ; ");
      data.append(":knows :p" + (i * 7 + 1) % PEOPLE + " .\n");
    }
    data.append(":a :part :b . :b :part :c . :c :part :a .");
    store.load(data.toString(), Lang.TURTLE);
  }

  @AfterAll
  static void close() {
    store.close();
    engine.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ?n { :p5 :name ?n }",
        "SELECT ?n { ?k :name ?n . :p5 :knows ?k }",
        "SELECT ?n ?a { VALUES ?x { :p1 :p2 } ?x :name ?n OPTIONAL { ?x :age ?a FILTER(?a > 1) } }",
        "SELECT DISTINCT ?n { ?f :name ?n . :p5 :knows/:knows ?f }",
        "SELECT ?x { ?x :part+ :b }",
        "ASK { :p5 :knows :p36 }",
        "SELECT ?x ?n { ?x :name ?n } LIMIT 3",
        "SELECT (STRLEN(?n) AS ?l) { { :p5 :name ?n } UNION { :p77 :name ?n } } ORDER BY ?l",
        "SELECT (COUNT(*) AS ?n) { ?s :knows ?x }", // known without reading
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
        "SELECT ?y (MAX(?n) AS ?m) (COUNT(?x) AS ?c) { ?y :part ?x OPTIONAL { ?y :name ?n } } GROUP BY ?y",
        "SELECT (AVG(?a) AS ?m) { VALUES ?x { :p1 :p2 :p3 } ?x :age ?a }",
        "SELECT ?x { { ?x :part ?y } MINUS { :a :part ?y } }"
      })
  void small(String text) {
    assertEquals(rows(text, false), rows(text, true));
    try (SparqlResult result = new SparqlSession(store).execute(PREFIX + text)) {
      assertTrue(result.isLookedUp(), "it became a plan");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ?n ?m { ?x :name ?n ; :knows ?y . ?y :name ?m }", // many rows
        "SELECT (SAMPLE(?x) AS ?n) { :p5 :knows ?x }",
        "SELECT ?x { ?x :part* ?x }",
        "SELECT ?n { :p5 :name ?n FILTER(RAND() < 2) }",
        "SELECT ?n { :p5 :name ?n FILTER EXISTS { :p5 :age ?a } }",
        "SELECT ?n { GRAPH ?g { :p5 :name ?n } }"
      })
  void becomesAPlan(String text) {
    assertEquals(rows(text, false), rows(text, true));
    try (SparqlResult result = new SparqlSession(store).execute(PREFIX + text)) {
      assertTrue(!result.isLookedUp(), "it was looked up");
    }
  }

  private static List<String> rows(String text, boolean looksUp) {
    SparqlSession session = new SparqlSession(store);
    try (SparqlResult result =
        (looksUp ? session : session.withoutLookUps()).execute(PREFIX + text)) {
      return result.kind() == SparqlResult.Kind.ASK
          ? List.of(String.valueOf(result.answer()))
          : text.contains("LIMIT")
              ? List.of(result.rows().size() + " rows")
              : result.rows().stream().map(String::valueOf).sorted().toList();
    }
  }

  @Test
  void isAQueryOfTheEngine() {
    SparqlQuery asked = SparqlQuery.parse(PREFIX + "SELECT ?x { :p5 :knows ?x }");
    Query query = engine.queries().begin(QueryOptions.defaults().withText(asked.text()));
    new SparqlSession(store).execute(asked, query).close();
    assertEquals(QueryState.DONE, query.state());
    assertEquals(1, query.snapshot().rows());
    assertTrue(query.plan().startsWith("look-ups of"), query.plan());
  }

  @Test
  void isStoppedBeforeItBegins() {
    SparqlQuery asked = SparqlQuery.parse(PREFIX + "SELECT ?x { :p5 :knows ?x }");
    Query query = engine.queries().begin(QueryOptions.defaults());
    query.cancel(Reason.PERSON, "cancelled by ann");
    PenstockException e =
        assertThrows(PenstockException.class, () -> new SparqlSession(store).execute(asked, query));
    assertEquals("cancelled by ann", e.getMessage());
    assertEquals(QueryState.CANCELLED, query.state());
  }

  @Test
  void givesNoMoreThanMayBeRead() {
    try (SparqlResult result =
        new SparqlSession(store).execute(PREFIX + "SELECT ?x { ?x :part ?y }")) {
      result.limitRows(2);
      PenstockException e = assertThrows(PenstockException.class, result::rows);
      assertEquals(
          "the result has more rows than may be read; ask for fewer (LIMIT)", e.getMessage());
    }
  }
}
