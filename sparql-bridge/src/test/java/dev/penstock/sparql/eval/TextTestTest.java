package dev.penstock.sparql.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.store.TripleStore;
import java.util.List;
import org.apache.jena.riot.Lang;
import org.apache.jena.sparql.util.ExprUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of texts beside the same ones that Jena computes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextTestTest {
  private static final String DATA =
      """
      @prefix : <http://x/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
      :a :p 'Abc', 'abc'@en, 'ABC'@de-AT, '', 'a\\nb', 'straße', 'ÄÖÜ', 'x😀y', 'a.c', '12', 12, 1.2, 1.5e0,
        true, '2020-01-02'^^xsd:date, '2020-01-02T03:04:05Z'^^xsd:dateTime, 'abc'^^<http://x/t>,
        '012'^^xsd:integer, 'abc'^^xsd:integer, <http://x/abc>, <urn:ABC>, [] .
      """;

  private Engine engine;
  private TripleStore store;
  private SparqlSession session;

  @BeforeAll
  void open() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
    store = TripleStore.create(engine);
    store.load(DATA, Lang.TURTLE);
    session = new SparqlSession(store).withoutLookUps();
  }

  @AfterAll
  void close() {
    store.close();
    engine.close();
  }

  private List<String> rows(String pattern) {
    String query = "PREFIX : <http://x/> SELECT ?v { :a :p ?v OPTIONAL { ?v :q ?none } " + pattern;
    try (SparqlResult result = session.execute(query + " }")) {
      return result.rows().stream().map(Object::toString).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONTAINS(?v, 'b')",
        "CONTAINS(STR(?v), '2')",
        "CONTAINS(LCASE(?v), 'abc')",
        "CONTAINS(LCASE(STR(?v)), 'abc')",
        "CONTAINS(UCASE(?v), 'STRASSE')",
        "STRSTARTS(?v, '')",
        "STRSTARTS(UCASE(STR(?v)), 'HTTP')",
        "STRENDS(STR(?v), 'c')",
        "STRENDS(LCASE(?v), 'öü')",
        "REGEX(?v, 'B')",
        "REGEX(?v, 'b', 'i')",
        "REGEX(STR(?v), '^[0-9.]+$')",
        "REGEX(?v, '^.$', 's')",
        "REGEX(?v, 'x.y')",
        "REGEX(?v, 'a.b', 's')",
        "REGEX(?v, '^b$', 'm')",
        "REGEX(?v, 'a.c', 'q')",
        "REGEX(LCASE(STR(?v)), '^urn:')",
        "REGEX(?none, 'a')",
        "CONTAINS(STR(?none), '')"
      })
  void givesWhatJenaGives(String test) {
    assertTrue(TextTest.takes(ExprUtils.parse(test)), test);
    List<String> passed = rows("FILTER (" + test + ")");
    List<String> failed = rows("FILTER (!" + test + ")");
    assertEquals(rows("BIND (" + test + " AS ?b) FILTER (?b)"), passed, test);
    assertEquals(rows("BIND (" + test + " AS ?b) FILTER (!?b)"), failed, test);
    assertFalse(!test.contains("?none") && passed.isEmpty() && failed.isEmpty(), test);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REGEX(?v, ?none)",
        "REGEX(?v, 'a'@en)",
        "REGEX(?v, 'a', ?none)",
        "CONTAINS(?v, 1)",
        "CONTAINS(?v, 'a'@en)",
        "CONTAINS(CONCAT(?v, 'a'), 'b')",
        "BOUND(?v)"
      })
  void leavesOthersToJena(String test) {
    assertFalse(TextTest.takes(ExprUtils.parse(test)), test);
    assertEquals(
        rows("BIND (" + test + " AS ?b) FILTER (?b)"), rows("FILTER (" + test + ")"), test);
  }

  @Test
  void aBlankNodeHasNoText() {
    String is = "isBlank(?v) && ";
    assertEquals(List.of(), rows("FILTER (" + is + "STRSTARTS(STR(?v), ''))"));
    assertEquals(List.of(), rows("BIND (STR(?v) AS ?t) FILTER (" + is + "BOUND(?t))"));
    assertEquals(1, rows("FILTER (" + is + "COALESCE(STR(?v), 'none') = 'none')").size());
  }

  @Test
  void aPatternThatNeverEndsIsSaid() {
    store.load("<http://x/b> <http://x/r> '" + "a".repeat(200) + "' .", Lang.TURTLE);
    try (SparqlResult result =
        session.execute(
            "SELECT * { <http://x/b> <http://x/r> ?v FILTER REGEX(?v, '(.*a){20}b') }")) {
      PenstockException e = assertThrows(PenstockException.class, result::rows);
      assertEquals("regex-steps", e.code());
    }
  }
}
