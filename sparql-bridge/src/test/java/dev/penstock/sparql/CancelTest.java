package dev.penstock.sparql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.store.TripleStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries that would take minutes end soon when they are cancelled, whatever they are doing. */
@Timeout(60)
class CancelTest {
  private static final long DELAY_MILLIS = 120;
  private static Engine engine;
  private static TripleStore store;

  @BeforeAll
  static void load() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2).withMemoryBytes(256 << 20));
    store = TripleStore.create(engine);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      for (int k = 0; k < 100; k++) {
        text.append("<http://x/").append(i).append("> <http://x/p> <http://x/");
        text.append((i * 7 + k * 13) % 400).append("> .\n");
      }
    }
    store.load(text.toString(), Lang.NTRIPLES);
  }

  @AfterAll
  static void close() {
    store.close();
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "scans and joins | SELECT (COUNT(*) AS ?n) { ?a ?x ?b . ?c ?y ?d . ?e ?z ?f }",
        "a scan that is read slowly | SELECT * { ?a :p ?b . ?c :p ?d }",
        "OPTIONAL | SELECT (COUNT(*) AS ?n) { ?a :p ?b . ?c :p ?d OPTIONAL { ?b :p ?e . ?e :p ?f . ?f :p ?d } }",
        "MINUS | SELECT (COUNT(*) AS ?n) { ?a :p ?b . ?c :p ?d . ?e :p ?f MINUS { ?a :q ?f } }",
        "a path | SELECT (COUNT(*) AS ?n) { ?a ((:p/:p/:p)*/(:p/:p/:p)*)* ?b . ?c ((:p/:p/:p)*/:p)* ?d }",
        "functions | SELECT (COUNT(*) AS ?n) { ?a :p ?b . ?c :p ?d FILTER(STRLEN(CONCAT(STR(?a), STR(?d))) > 1000) }",
        "comparisons | SELECT (COUNT(*) AS ?n) { ?a :p ?b . ?c :p ?d FILTER(STR(?a) > STR(?d)) }",
        "EXISTS by Jena | SELECT ?a { ?a :p ?b FILTER EXISTS { ?x :p ?y . ?y :p ?z . ?z :p ?w OPTIONAL { ?w :p ?v } FILTER(?v = ?a && ?v = :none) } }",
        "aggregates | SELECT (SUM(STRLEN(STR(?c))) AS ?n) (GROUP_CONCAT(?c) AS ?t) { ?a :p ?b . ?b :p ?c . ?c :p ?d }",
        "groups | SELECT ?a ?d (COUNT(*) AS ?n) { ?a :p ?b . ?c :p ?d } GROUP BY ?a ?d",
        "DISTINCT | SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?d ?f { ?a :p ?b . ?c :p ?d . ?e :p ?f } }",
        "ORDER BY | SELECT ?a ?b ?c { ?a :p ?b . ?b :p ?c . ?c :p ?d } ORDER BY ?c ?a",
        "CONSTRUCT | CONSTRUCT { ?a :q ?d } { ?a :p ?b . ?c :p ?d }",
        "DESCRIBE | DESCRIBE ?a { ?a :p ?b . ?c :p ?d }",
        "ASK | ASK { ?a :p ?b . ?c :p ?d . ?e :p ?f FILTER(STRLEN(CONCAT(STR(?a), STR(?f))) > 1000) }"
      })
  void ends(String what, String query) {
    AtomicLong cancelled = new AtomicLong();
    PenstockException e;
    long used = engine.budget().usedBytes();
    try (SparqlResult result = new SparqlSession(store).execute("PREFIX : <http://x/> " + query)) {
      CompletableFuture<Void> cancel =
          CompletableFuture.runAsync(
              () -> {
                cancelled.set(System.nanoTime());
                result.cancel("enough");
              },
              CompletableFuture.delayedExecutor(DELAY_MILLIS, TimeUnit.MILLISECONDS));
      e = assertThrows(PenstockException.class, () -> readAll(result), what);
      cancel.join();
    }
    double seconds = (System.nanoTime() - cancelled.get()) / 1e9;
    assertEquals("enough", e.getMessage(), what);
    assertTrue(seconds < 3, what + " ended after " + seconds + " s");
    assertEquals(used, engine.budget().usedBytes(), what);
  }

  private static void readAll(SparqlResult result) {
    switch (result.kind()) {
      case ASK -> result.answer();
      case SELECT -> {
        while (result.next() != null) {
          // until it is cancelled
        }
      }
      default -> result.graph();
    }
  }
}
