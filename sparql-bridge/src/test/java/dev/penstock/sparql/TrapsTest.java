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
  void sequencesMayHaveBothEndsBound() {
    load(":a :p :m , :n . :m :q :b . :n :q :b . :b :r 1 . :c :p :c .");
    assertEquals(List.of("1", "1"), rows("SELECT ?o { :a (:p/:q) :b . ?s :r ?o }"));
    assertEquals(List.of(), rows("SELECT ?o { :a (:q/:p) :b . ?s :r ?o }"));
    assertEquals(List.of("2"), rows("SELECT (COUNT(*) AS ?n) { :a (:p/:q) :b }"));
    assertEquals(List.of("1", "1"), rows("SELECT ?o { :c (!(:q|^:r)/:p) :c . ?s :r ?o }"));
    assertEquals(List.of("1"), rows("SELECT ?o { ?s :r ?o FILTER EXISTS { :a (:p/:q) :b } }"));
  }

  /** Jena throws here, and what is no error of an expression. */
  @Test
  void whatHasNoValueIsAnErrorOfItsExpression() {
    load(":a :p :b , '2020-01-02'^^<http://www.w3.org/2001/XMLSchema#date> , 'x' .");
    assertEquals(
        List.of("- - - -", "- - - -", "01 2020 - -"),
        rows(
            "SELECT (MONTH(?o) AS ?m) (YEAR(?o) AS ?y) (HOURS(?s) AS ?h) (TZ(?s) AS ?t) { ?s ?p ?o }"));
    assertEquals(
        List.of("7"), rows("SELECT DISTINCT (COALESCE(SECONDS(?s), 7) AS ?h) { ?s ?p ?o }"));
    assertEquals(List.of(), rows("SELECT * { ?s ?p ?o FILTER (!(TIMEZONE(?s) = 1)) }"));
    assertEquals(
        List.of("- x"),
        rows("SELECT (1 / ?z AS ?n) (IF(true, 'x', 1 / ?z) AS ?t) { BIND (-0.0 AS ?z) }"));
    assertEquals(
        List.of("-", "-", "-"),
        rows("SELECT (?n / ?z AS ?r) { VALUES ?n { 1 2.0 3 } BIND (-0.0 AS ?z) }"));
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
  void pathsStayInOneGraph() {
    load(":a :p :b . :g { :b :p :c } :h { :c :p :d . :c :q 1 }");
    assertEquals(List.of(":a :a", ":a :b", ":b :b"), rows("SELECT ?x ?y { ?x :p* ?y }"));
    assertEquals(
        List.of(":g :b :c", ":h :c :d"), rows("SELECT ?g ?x ?y { GRAPH ?g { ?x :p+ ?y } }"));
    assertEquals(
        List.of(":g :b", ":g :c", ":h 1", ":h :c", ":h :d"),
        rows("SELECT ?g ?x { GRAPH ?g { ?x :none* ?x } }"));
    assertEquals(List.of(":d"), rows("SELECT ?x FROM :g FROM :h { :b :p/:p+ ?x }"));
  }

  @Test
  void errorsAreSortedAsUnbound() {
    load(":a :p 3 . :b :p \"x\" . :c :p 1 . :d :p :z .");
    assertTrue(List.of("b d c a", "d b c a").contains(order("(?v + 1)")));
    assertTrue(List.of("a c b d", "a c d b").contains(order("DESC(?v + 1)")));
  }

  private String order(String by) {
    return String.join(" ", rows("SELECT ?s { ?s :p ?v } ORDER BY " + by)).replace(":", "");
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

  @Test
  void extremesAreOfAllTermsAndAggregatesOfAllNumbers() {
    String xsd = "^^<http://www.w3.org/2001/XMLSchema#";
    load(
        ":d :p \"2020-01-02\""
            + xsd
            + "date>, \"2019-12-31\""
            + xsd
            + "date>, \"2000000000-01-01\""
            + xsd
            + "date> . :t :p \"b\", \"a\"@en, \"c\" . :m :p 2, 01, 1.5, 1e0, -1.5e1 . :i :p :x, _:b, 1 ."
            + " :f :p 0.1e0, 0.2e0, 3 . :o :p 2.50e0 . :e :p 1, :x . :n :p \"NaN\""
            + xsd
            + "double>, 1 .");
    String all = "SELECT (MIN(?v) AS ?a) (MAX(?v) AS ?b) { %s :p ?v }";
    assertEquals(List.of("2019-12-31 2000000000-01-01"), rows(String.format(all, ":d")));
    assertEquals(
        List.of("2019-12-31", "2020-01-02", "2000000000-01-01"),
        rows("SELECT ?v { :d :p ?v } ORDER BY ?v"));
    assertEquals(List.of("b a"), rows(String.format(all, ":t")));
    assertEquals(List.of("-1.5e1 2"), rows(String.format(all, ":m")));
    assertEquals(List.of("_ 1"), rows(String.format(all, ":i")));
    assertEquals(
        List.of(":d 2019-12-31", ":f 0.1e0", ":m -1.5e1", ":n 1", ":o 2.50e0"),
        rows(
            "SELECT ?s (MIN(DISTINCT ?v) AS ?a) { ?s :p ?v FILTER (?s IN (:d, :f, :m, :n, :o)) }"
                + " GROUP BY ?s"));
    assertEquals(List.of("-"), rows("SELECT (MAX(?v + 1) AS ?a) { :e :p ?v }"), "an error");
    assertEquals(List.of("-"), rows("SELECT (MAX(?z) AS ?a) { :e :p ?v }"));
    assertEquals(List.of("-9.5e0"), rows("SELECT (SUM(?v) AS ?a) { :m :p ?v }"));
    assertEquals(List.of("2.50e0"), rows("SELECT (SUM(?v) AS ?a) { :o :p ?v }"));
    assertEquals(
        List.of("true"),
        rows(
            "SELECT ?a { { SELECT (AVG(?v) AS ?m) { :f :p ?v } } BIND (ABS(?m - 1.1e0) < 1e-9 AS ?a) }"));
    assertEquals(List.of("-"), rows("SELECT (AVG(?v) AS ?a) { :e :p ?v }"));
    assertEquals(List.of("NaN"), rows("SELECT (SUM(?v) AS ?a) { :n :p ?v }"));
  }

  @Test
  void manyGivenRowsAreASource() {
    load(":a :p 1, 4999, 7000 . :b :p 2 .");
    StringBuilder ints = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      ints.append(i).append(' ');
    }
    assertEquals(
        List.of("5000 12497500"),
        rows("SELECT (COUNT(*) AS ?n) (SUM(?v) AS ?t) { VALUES ?v { " + ints + "} }"));
    assertEquals(
        List.of(":a 1", ":a 4999", ":b 2"),
        rows("SELECT ?s ?v { ?s :p ?v VALUES ?v { " + ints + "} }"));
    assertEquals(
        List.of(":a 7000"), rows("SELECT ?s ?v { ?s :p ?v MINUS { VALUES ?v { " + ints + "} } }"));
    String pairs = ints.toString().replace(" ", " :a) (").trim();
    assertEquals(
        List.of(":a 1", ":a 4999"),
        rows("SELECT ?s ?v { ?s :p ?v VALUES (?v ?s) { (" + pairs.replaceAll("\\($", "") + "} }"));
    assertEquals(
        List.of(":a 1", ":a 1", ":a 4999", ":a 4999", ":a 7000", ":b 2"),
        rows(
            "SELECT ?s ?v { ?s :p ?v VALUES (?v ?s) { ("
                + pairs.replaceAll("\\($", "")
                + " (UNDEF :a) (2 UNDEF) } }"));
  }

  @Test
  void longChainsAreOneOperator() {
    load(":a :p0 1 ; :p1 2 ; :p6 3 .");
    StringBuilder union = new StringBuilder("{}");
    StringBuilder or = new StringBuilder("?v = -1");
    StringBuilder and = new StringBuilder("?v != -1");
    for (int i = 0; i < 600; i++) {
      union.append(" UNION { ?s :p").append(i % 7).append(" ?v }");
      or.append(" || ?v * 1 = ").append(i + 2);
      and.append(" && ?v * 1 != ").append(i + 3);
    }
    assertEquals(
        List.of("257"), rows("SELECT (COUNT(*) AS ?n) { { " + union + " } FILTER BOUND(?v) }"));
    assertEquals(List.of("2", "3"), rows("SELECT ?v { ?s ?p ?v FILTER(" + or + ") }"));
    assertEquals(List.of("1", "2"), rows("SELECT ?v { ?s ?p ?v FILTER(" + and + ") }"));
    String path =
        union.substring(2).replaceAll(" UNION \\{ \\?s (:p\\d) \\?v }", "|$1|^$1").substring(1);
    assertEquals(List.of("258"), rows("SELECT (COUNT(*) AS ?n) { :a " + path + "|:p6 ?v }"));
    String sum = "?v" + " + ?v".repeat(600);
    assertEquals(List.of("1202"), rows("SELECT (" + sum + " AS ?n) { ?s :p1 ?v }"));
    assertEquals(List.of("false", "true", "true"), rows("SELECT (" + or + " AS ?x) { ?s ?p ?v }"));
    assertEquals(
        List.of("- 1", "2 -", "7 1"),
        rows(
            "SELECT ?x ?y { { { BIND(7 AS ?x) BIND(1 AS ?y) } UNION { BIND(2 AS ?x) } } UNION { BIND(1 AS ?y) } }"));
    assertEquals(
        List.of("- 1", "2 1", "7 1"),
        rows(
            "SELECT ?x ?y { { { BIND(7 AS ?x) BIND(1 AS ?y) } UNION { BIND(2 AS ?x) } UNION { BIND(1 AS ?y) } }"
                + " { SELECT ?y { VALUES ?y { 1 } } } }"));
  }

  @Test
  void membershipInAListOfNames() {
    load(":a :p :x, 1, \"t\" . :b :p :y, _:c .");
    assertEquals(List.of(":a :x"), rows("SELECT ?s ?v { ?s :p ?v FILTER(?v IN (:x, :z)) }"));
    assertEquals(
        List.of(":a 1", ":a t", ":b :y", ":b _"),
        rows("SELECT ?s ?v { ?s :p ?v FILTER(?v NOT IN (:x, :z)) }"));
    assertEquals(
        List.of("- true", "1 false", "1 true"),
        rows(
            "SELECT ?n ?e { ?s :p ?v FILTER(?v = 1 || isIRI(?v)) OPTIONAL { ?s :p ?n FILTER(?n = 1) }"
                + " BIND (?v IN (:x, :y) AS ?e) }"));
    assertEquals(List.of("-", "-", "-", "-", "-"), rows("SELECT (?z IN (:x) AS ?e) { ?s :p ?v }"));
    assertEquals(List.of(), rows("SELECT ?v { ?s :p ?v FILTER(?v IN ()) }"));
  }
}
