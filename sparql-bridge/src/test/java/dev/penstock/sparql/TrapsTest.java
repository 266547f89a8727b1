package dev.penstock.sparql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scopes, EXISTS wherever it may stand, terms that must stay what they are, and modifiers. */
@Timeout(120)
final class TrapsTest {
  private final Questions questions = new Questions();

  @AfterEach
  void close() {
    questions.close();
  }

  private void load(String trig) {
    questions.load(trig);
  }

  private List<String> rows(String query) {
    return questions.rows(query);
  }

  private List<String> row(String query) {
    List<String> all = rows(query);
    assertEquals(1, all.size(), all.toString());
    return List.of(all.get(0).split(" "));
  }

  @Test
  void aConditionOfOptionalSeesTheLeftSideUnlessItsGroupIsItsOwn() {
    load(":a :p 5 . :a :q 3 . :b :p 1 . :b :q 4, 5 .");
    assertEquals(
        List.of(":a 5 3", ":b 1 -"),
        rows("SELECT ?s ?x ?y { ?s :p ?x OPTIONAL { ?s :q ?y FILTER (?x > ?y) } }"));
    assertEquals(
        List.of(":a 5 -", ":b 1 -"),
        rows("SELECT ?s ?x ?y { ?s :p ?x OPTIONAL { { ?s :q ?y FILTER (?x > ?y) } } }"));
    assertEquals(
        List.of(":a 5 3", ":b 1 4", ":b 1 5"),
        rows("SELECT ?s ?x ?y { ?s :p ?x OPTIONAL { ?s :q ?y FILTER (?x + ?z = 1 || true) } }"));
    assertEquals(
        List.of(":a 5 -", ":b 1 -"),
        rows("SELECT ?s ?x ?y { ?s :p ?x OPTIONAL { ?s :q ?y FILTER (?x + ?z = 1) } }"),
        "an error is not true");
    assertEquals(
        List.of("- -", "- -"),
        rows("SELECT ?n ?m { ?s :p ?x OPTIONAL { ?s :r ?n } OPTIONAL { ?s :r ?m } }"));
  }

  @Test
  void existsStandsWhereverAnExpressionMay() {
    load(":a :p 1 . :b :p 2 . :b :q 2 . :g { :a :q 7 }");
    assertEquals(
        List.of(":a false", ":b true"),
        rows("SELECT ?s ?e { ?s :p ?v BIND (EXISTS { ?s :q ?w } AS ?e) }"));
    assertEquals(
        List.of(":a true", ":b false"),
        rows("SELECT ?s (NOT EXISTS { ?s :q ?w } AS ?e) { ?s :p ?v }"));
    assertEquals(
        List.of(":b 1"),
        rows("SELECT ?s (COUNT(*) AS ?n) { ?s :p ?v } GROUP BY ?s HAVING (EXISTS { ?s :q ?w })"));
    assertEquals(
        List.of(":b", ":a"), rows("SELECT ?s { ?s :p ?v } ORDER BY DESC(EXISTS { ?s :q ?w }) ?s"));
    assertEquals(
        List.of(":a 1 -", ":b 2 2"),
        rows("SELECT ?s ?v ?o { ?s :p ?v OPTIONAL { ?s :p ?o FILTER EXISTS { ?s :q ?v } } }"));
    assertEquals(
        List.of(":a"), rows("SELECT ?s { GRAPH :g { ?s :q ?o FILTER NOT EXISTS { ?s :p ?v } } }"));
    assertEquals(
        List.of(":g :a"),
        rows("SELECT ?g ?s { GRAPH ?g { ?s :q ?o FILTER EXISTS { ?s :q 7 } } }"),
        "it looks at the active graph");
    assertEquals(
        List.of(":a 1", ":b 2"),
        rows("SELECT ?s ?v { ?s :p ?v FILTER EXISTS { ?s :p ?w FILTER (?w = ?v) } }"));
  }

  @Test
  void unionAndProjectionKeepDuplicates() {
    load(":a :p 1, 2 . :b :p 1 .");
    assertEquals(List.of(":a", ":a", ":b"), rows("SELECT ?s { ?s :p ?v }"));
    assertEquals(
        List.of("1", "1", "1", "1"),
        rows("SELECT ?v { { ?s :p ?v } UNION { ?s :p ?v } FILTER (?v = 1) }"));
    assertEquals(List.of("1", "2"), rows("SELECT DISTINCT ?v { ?s :p ?v }"));
    assertEquals(List.of("1", "2"), rows("SELECT REDUCED ?v { ?s :p ?v } ORDER BY ?v"));
  }

  @Test
  void aSubSelectHasVariablesOfItsOwn() {
    load(":a :p 1 . :b :p 2 . :a :q 7 . :b :q 8 .");
    assertEquals(
        List.of(":a 1 7", ":b 2 7"),
        rows("SELECT ?s ?v ?w { ?s :p ?v { SELECT ?w { ?v :q ?w } ORDER BY ?w LIMIT 1 } }").stream()
            .sorted()
            .toList(),
        "?v within is another one");
    assertEquals(
        List.of(":a 1"),
        rows("SELECT ?s ?v { ?s :q 7 { SELECT ?s ?v { ?s :p ?v } ORDER BY ?v LIMIT 1 } }"));
    assertEquals(
        List.of(),
        rows("SELECT ?s ?v { ?s :q 8 { SELECT ?s ?v { ?s :p ?v } ORDER BY ?v LIMIT 1 } }"),
        "what is joined does not go into a limit");
  }

  @Test
  void valuesBehindAQueryAreJoinedWithItsGroups() {
    load(":a :p 1, 2 . :b :p 3 .");
    assertEquals(
        List.of(":a 2"),
        rows("SELECT ?s (COUNT(*) AS ?n) { ?s :p ?v } GROUP BY ?s VALUES ?s { :a :c }"));
    assertEquals(
        List.of(":a 2", ":b 1"),
        rows(
            "SELECT ?s (COUNT(*) AS ?n) { ?s :p ?v } GROUP BY ?s VALUES (?s ?n) { (UNDEF 1) (:a 2) }"));
  }

  @Test
  void bindSeesWhatIsBeforeItInItsGroup() {
    load(":a :p 1 . :a :q 5 .");
    assertEquals(
        List.of("1 - 5"), rows("SELECT ?v ?x ?w { ?s :p ?v BIND (?w + 1 AS ?x) ?s :q ?w }"));
    assertEquals(List.of("-"), rows("SELECT ?x { ?s :p ?v { BIND (?v + 1 AS ?x) } }"));
    assertTrue(
        questions
            .refused("SELECT ?v { ?s :p ?v BIND (1 AS ?v) }")
            .contains("already in-scope: ?v"));
    assertTrue(
        questions.refused("SELECT (1 AS ?v) { ?s :p ?v }").contains("?v"), "a name that is taken");
  }

  @Test
  void aGraphWithinAGraphIsTheActiveOne() {
    load(":g { :a :p 1 } :h { :b :p 2 }");
    assertEquals(
        List.of(":a :b"), rows("SELECT ?s ?t { GRAPH :g { ?s :p ?v GRAPH :h { ?t :p ?w } } }"));
    assertEquals(
        List.of(":g :h", ":h :h"),
        rows("SELECT ?g ?k { GRAPH ?g { ?s :p ?v GRAPH ?k { ?t :p 2 } } }"));
    assertEquals(
        List.of("1 2"),
        rows(
            "SELECT ?x ?y { GRAPH :g { :a :p+ ?x } GRAPH :h { :b :p* ?y FILTER isNumeric(?y) } }"));
  }

  @Test
  void blankNodesOfMergedGraphsStayApart() {
    questions.load(":g { _:x :p 1 }");
    questions.load(":h { _:x :p 2 }");
    assertEquals(
        List.of("2"), rows("SELECT (COUNT(DISTINCT ?s) AS ?n) FROM :g FROM :h { ?s :p ?v }"));
    assertEquals(List.of(), rows("SELECT ?s FROM :g FROM :h { ?s :p 1, 2 }"));
  }

  @Test
  void languagesAreEqualInAnyCaseAndPlainTextsAreStrings() {
    load(
        ":a :p \"x\"@en . :b :p \"x\"@EN . :c :p \"x\" . :d :p \"x\"^^<http://www.w3.org/2001/XMLSchema#string> .");
    assertEquals(List.of(":a", ":b"), rows("SELECT ?s { ?s :p ?v FILTER (?v = \"x\"@En) }"));
    assertEquals(
        List.of(":a", ":b"), rows("SELECT ?s { ?s :p ?v FILTER LANGMATCHES(LANG(?v), \"EN\") }"));
    assertEquals(List.of(":c", ":d"), rows("SELECT ?s { ?s :p \"x\" }"));
    assertEquals(List.of(":c", ":d"), rows("SELECT ?s { ?s :p ?v FILTER sameTerm(?v, \"x\") }"));
  }

  @Test
  void lexicalFormsSurvive() {
    String xsd = "^^<http://www.w3.org/2001/XMLSchema#";
    load(
        ":a :p 01, +1, 1.50, 1.5, 1e0, 1.0E0, \"abc\""
            + xsd
            + "integer>, \"2020-01-01T24:00:00\""
            + xsd
            + "dateTime>, \"1\""
            + xsd
            + "boolean>, true .");
    assertEquals(
        List.of(
            "+1", "01", "1", "1.0E0", "1.5", "1.50", "1e0", "2020-01-01T24:00:00", "abc", "true"),
        rows("SELECT (STR(?v) AS ?t) { ?s :p ?v }"));
    assertEquals(List.of("01"), rows("SELECT ?v { ?s :p ?v FILTER sameTerm(?v, 01) }"));
    assertEquals(
        List.of("+1", "01", "1.0E0", "1e0"), rows("SELECT ?v { ?s :p ?v FILTER (?v = 1) }"));
    assertEquals(List.of("1", "true"), rows("SELECT ?v { ?s :p ?v FILTER (?v = true) }"));
    assertEquals(List.of(), rows("SELECT ?v { ?s :p ?v FILTER (?v = 2 && STR(?v) = \"abc\") }"));
  }

  @Test
  void nowIsOneMoment() {
    load(":a :p 1, 2, 3 .");
    assertEquals(
        List.of("1"), rows("SELECT (COUNT(DISTINCT ?t) AS ?n) { ?s :p ?v BIND (NOW() AS ?t) }"));
  }

  @Test
  void blankNodesOfATemplateAreNewForEachSolution() {
    load(":a :p 1, 2 .");
    Graph made;
    try (SparqlResult result =
        questions.session.execute(
            "PREFIX : <http://x/> CONSTRUCT { [] :of ?s ; :is ?v . ?v :no ?s . ?z :no ?s }"
                + " { ?s :p ?v }")) {
      made = result.graph();
    }
    assertEquals(4, made.size(), "what is no triple is left out");
    assertEquals(2, made.stream().map(t -> t.getSubject()).distinct().count());
    assertTrue(made.stream().map(t -> t.getSubject()).allMatch(Node::isBlank));
  }

  @Test
  void slices() {
    load(":a :p 1, 2, 3 .");
    assertEquals(List.of(), rows("SELECT ?v { ?s :p ?v } ORDER BY ?v LIMIT 0"));
    assertEquals(List.of(), rows("SELECT ?v { ?s :p ?v } LIMIT 0"));
    assertEquals(List.of("3"), rows("SELECT ?v { ?s :p ?v } ORDER BY ?v OFFSET 2"));
    assertEquals(List.of(), rows("SELECT ?v { ?s :p ?v } ORDER BY ?v OFFSET 3"));
    assertEquals(List.of(), rows("SELECT ?v { ?s :p ?v } OFFSET 9223372036854775807"));
    assertEquals(
        List.of("2", "3"),
        rows("SELECT ?v { ?s :p ?v } ORDER BY ?v LIMIT 9223372036854775807 OFFSET 1"));
    try (SparqlResult none = questions.session.execute("ASK { SELECT * { ?s ?p ?o } LIMIT 0 }")) {
      assertFalse(none.answer());
    }
  }

  @Test
  void numbersGrowAndDivideAsInXPath() {
    load(":a :p 9223372036854775807, 99999999999999999999 .");
    assertEquals(List.of("109223372036854775806"), rows("SELECT (SUM(?v) AS ?x) { ?s :p ?v }"));
    assertEquals(List.of("54611686018427387903.0"), rows("SELECT (AVG(?v) AS ?x) { ?s :p ?v }"));
    assertEquals(
        List.of("9223372036854775807", "99999999999999999999"),
        rows("SELECT ?v { ?s :p ?v } ORDER BY ?v"));
    assertEquals(
        List.of("9223372036854775808", "0.5", "3.5", "1.0e0", "-", "INF", "-2.0"),
        row(
            "SELECT (9223372036854775807 + 1 AS ?a) (1 / 2 AS ?b) (7 / 2.0 AS ?c) (2e0 / 2 AS ?d)"
                + " (1 / 0 AS ?e) (1e0 / 0 AS ?f) (-9223372036854775808 / 4611686018427387904 AS ?g) {}"));
    assertEquals(
        List.of("integer", "decimal", "decimal", "double"),
        row(
            "SELECT (STRAFTER(STR(DATATYPE(1 + 1)), '#') AS ?a) (STRAFTER(STR(DATATYPE(4 / 2)), '#') AS ?b)"
                + " (STRAFTER(STR(DATATYPE(1 + 1.0)), '#') AS ?c)"
                + " (STRAFTER(STR(DATATYPE(1 + 1.0 + 1e0)), '#') AS ?d) {}"));
  }
}
