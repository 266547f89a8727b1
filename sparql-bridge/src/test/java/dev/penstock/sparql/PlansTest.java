package dev.penstock.sparql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.sparql.store.TripleStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plans are used again, and nothing of one run is seen in the next. */
@Timeout(60)
class PlansTest {
  private static final String PREFIX = "PREFIX : <http://x/> ";
  private static final String COUNT = PREFIX + "SELECT (COUNT(*) AS ?n) { ?x :name ?y ; :age ?a }";

  private final Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
  private final TripleStore store = TripleStore.create(engine);
  private final SparqlSession session = new SparqlSession(store).withoutLookUps();

  PlansTest() {
    store.load(
        "@prefix : <http://x/> . :a :name \"a\" ; :age 1 . :b :name \"b\" ; :age 2 .", Lang.TURTLE);
  }

  @AfterEach
  void close() {
    store.close();
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  private List<String> rows(String text) {
    try (SparqlResult result = session.execute(text)) {
      return result.rows().stream().map(String::valueOf).sorted().toList();
    }
  }

  private Plans plans() {
    return store.state().attached(Plans.class, Plans::new);
  }

  private String shape(String text) {
    Plans.Asked asked = plans().asked("a plan of " + SparqlQuery.parse(text).key());
    assertNotNull(asked);
    return asked.shape();
  }

  /** The only plan that nobody uses, for a moment. */
  private Plans.Kept kept(String text) {
    Plans.Kept kept = plans().take(shape(text));
    assertNotNull(kept);
    assertNull(plans().take(shape(text)), "there are two");
    plans().give(kept);
    return kept;
  }

  @Test
  void aPlanIsUsedAgain() {
    List<String> first = rows(COUNT);
    Plans.Kept kept = kept(COUNT);
    assertEquals(first, rows(COUNT));
    assertSame(kept.prepared(), kept(COUNT).prepared());
  }

  @Test
  void queriesOfOneShapeHaveOnePlan() {
    String empty = PREFIX + "SELECT ?a { :%s :age ?a FILTER(?a > %s) }";
    assertEquals(List.of(), rows(String.format(empty, "unknown", "7")));
    assertEquals(1, rows(String.format(empty, "a", "0")).size());
    String named = PREFIX + "SELECT ?n { :%s :name ?n FILTER(?n != '%s') }";
    assertEquals(List.of("[\"a\"]"), rows(String.format(named, "a", "b")));
    Plans.Kept kept = kept(String.format(named, "a", "b"));
    assertEquals(List.of(), rows(String.format(named, "a", "a")));
    assertEquals(List.of("[\"b\"]"), rows(String.format(named, "b", "x")));
    assertEquals(List.of(), rows(String.format(named, "unknown", "x")));
    assertEquals(List.of("[\"a\"]"), rows(String.format(named, "a", "b")));
    assertSame(kept.prepared(), kept(String.format(named, "unknown", "x")).prepared());
    String aged = PREFIX + "SELECT ?x { ?x :age ?a FILTER(?a > %d && 5 > ?a) }";
    for (int age = 0; age < 4; age++) {
      assertEquals(Math.max(0, 2 - age), rows(String.format(aged, age)).size());
    }
    assertEquals(1, rows(aged.replace("%d", "1").replace("?x { ?x", "?a { ?x")).size());
  }

  @Test
  void termsOfARunAreForgotten() {
    String text = PREFIX + "SELECT ?z { ?x :name ?y BIND(CONCAT(?y, \"!\", \"here\") AS ?z) }";
    List<String> first = rows(text);
    long held = engine.budget().usedBytes();
    for (int i = 0; i < 5; i++) {
      assertEquals(first, rows(text));
      assertEquals(held, engine.budget().usedBytes());
    }
  }

  @Test
  void randomValuesAreDrawnAnew() {
    String text = PREFIX + "SELECT (RAND() AS ?r) { ?x :name ?y }";
    assertNotEquals(rows(text), rows(text));
  }

  @Test
  void aLoadEndsThePlans() {
    assertEquals(List.of("[\"2\"^^xsd:integer]"), rows(COUNT));
    Plans before = plans();
    String shape = shape(COUNT);
    store.load("<http://x/c> <http://x/name> \"c\" ; <http://x/age> 3 .", Lang.TURTLE);
    assertNull(before.take(shape), "a plan of a state that is gone");
    assertNotSame(before, plans());
    assertEquals(List.of("[\"3\"^^xsd:integer]"), rows(COUNT));
  }

  @Test
  void manyRunTheSameTextAtOnce() throws Exception {
    String text = PREFIX + "SELECT ?z { ?x :name ?y BIND(CONCAT(?y, \"-\", STR(?x)) AS ?z) }";
    List<String> expected = rows(text);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<String>>> all = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        all.add(threads.submit(() -> rows(text)));
      }
      for (Future<List<String>> one : all) {
        assertEquals(expected, one.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
