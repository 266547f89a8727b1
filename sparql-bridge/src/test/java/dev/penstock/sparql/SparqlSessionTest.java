package dev.penstock.sparql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryState;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sparql.store.TripleStore;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.jena.graph.Node;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The traps of SPARQL, one by one; the breadth of the language is the W3C's tests. */
@Timeout(120)
final class SparqlSessionTest {
  private final Questions questions = new Questions();
  private final TripleStore store = questions.store;
  private final SparqlSession session = questions.session;

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

  private String refused(String query) {
    return questions.refused(query);
  }

  @Test
  void joinsAreByTermAndComparisonsByValue() {
    load(":a :p 1 . :b :q 1.0 . :c :q 01 . :d :q 1 .");
    assertEquals(List.of(":a :d"), rows("SELECT ?x ?y { ?x :p ?v . ?y :q ?v }"));
    assertEquals(
        List.of(":a :b", ":a :c", ":a :d"),
        rows("SELECT ?x ?y { ?x :p ?v . ?y :q ?w FILTER (?v = ?w) }"));
    assertEquals(List.of("01", "1", "1.0"), rows("SELECT DISTINCT ?w { ?y :q ?w }"));
  }

  @Test
  void whatIsUnboundFitsAnything() {
    load(":a :p 1 . :b :p 2 . :a :q :x . :b :r :y .");
    assertEquals(
        List.of(":a 1 :x", ":b 2 :x"),
        rows("SELECT * { ?s :p ?v OPTIONAL { ?s :q ?o } { SELECT ?o { ?z :q ?o } } }"));
    assertEquals(
        List.of("1 -", "1 :x", "2 :x"),
        rows("SELECT ?v ?o { VALUES (?s ?o) { (:a UNDEF) (UNDEF :x) } ?s :p ?v }"));
  }

  @Test
  void aFilterSeesItsOwnGroup() {
    load(":a :p 5 . :b :p 1 . :a :q 3 . :b :q 4 .");
    assertEquals(List.of(), rows("SELECT * { ?s :p ?x { ?s :q ?y FILTER (?x > 0) } }"));
    assertEquals(
        List.of(":a 5 3", ":b 1 -"),
        rows("SELECT ?s ?x ?y { ?s :p ?x OPTIONAL { ?s :q ?y FILTER (?x > ?y) } }"));
  }

  @Test
  void minusLooksAtSharedVariablesThatAreBound() {
    load(":a :p 1 . :b :p 2 . :b :q 2 .");
    assertEquals(List.of(":a 1", ":b 2"), rows("SELECT * { ?s :p ?v MINUS { ?t :q ?w } }"));
    assertEquals(List.of(":a 1"), rows("SELECT * { ?s :p ?v MINUS { ?s :q ?w } }"));
    assertEquals(
        List.of(":a 1", ":b 2"),
        rows("SELECT * { ?s :p ?v MINUS { VALUES (?s ?t) { (UNDEF 1) } } }"));
    assertEquals(
        List.of(":a 1"),
        rows("SELECT * { ?s :p ?v FILTER NOT EXISTS { ?s :q ?w FILTER (?w = ?v) } }"));
  }

  @Test
  void errorsLeaveVariablesUnbound() {
    load(":a :p 1 . :b :p \"x\" .");
    assertEquals(List.of(":a 1 2", ":b x -"), rows("SELECT * { ?s :p ?v BIND (?v + 1 AS ?w) }"));
    assertEquals(List.of(":a", ":b"), rows("SELECT ?s { ?s :p ?v FILTER (?v + 1 = 2 || true) }"));
    assertEquals(
        List.of(":a no", ":b -"),
        rows("SELECT ?s (IF(?v + 1 = 3, \"yes\", \"no\") AS ?w) { ?s :p ?v }"));
    assertEquals(
        List.of(":a 2", ":b 0"), rows("SELECT ?s (COALESCE(?v + 1, 0) AS ?w) { ?s :p ?v }"));
  }

  @Test
  void aggregatesOfNothingAndOfErrors() {
    load(":a :p 1, 2 . :b :p \"x\" . :c :q 1 .");
    assertEquals(
        List.of("0 0 - 0"),
        rows(
            "SELECT (COUNT(*) AS ?n) (SUM(?v) AS ?t) (MIN(?v) AS ?m) (AVG(?v) AS ?a) { ?s :z ?v }"));
    assertEquals(List.of(), rows("SELECT ?s (COUNT(*) AS ?n) { ?s :z ?v } GROUP BY ?s"));
    assertEquals(
        List.of(":a 2 3 1.5", ":b 1 - -"),
        rows(
            "SELECT ?s (COUNT(?v) AS ?n) (SUM(?v) AS ?t) (AVG(?v) AS ?a) { ?s :p ?v } GROUP BY ?s"));
    assertEquals(
        List.of("- 1", "1 1", "2 1"),
        rows("SELECT ?k (COUNT(*) AS ?n) { ?s :p ?v } GROUP BY (?v + 0 AS ?k)"));
    assertEquals(
        List.of("4"),
        rows(
            "SELECT (COUNT(DISTINCT *) AS ?n) { { ?s :p ?v } UNION { ?s :p ?v } UNION { ?s :q ?v } }"));
  }

  @Test
  void orderIsThatOfTermsAndValues() {
    load(":a :p 10, 9.5, \"b\", \"a\", :z, -1, 1e3, _:x . :a :q 1 .");
    assertEquals(
        List.of("-", "_", ":z", "-1", "9.5", "10", "1e3", "a", "b"),
        rows("SELECT ?v { { :a :p ?v } UNION { :a :q ?w } } ORDER BY ?v"));
    assertEquals(
        List.of("b", "a", "1e3"), rows("SELECT ?v { :a :p ?v } ORDER BY DESC(?v) LIMIT 3"));
    assertEquals(
        List.of("9.5", "10", "1e3"),
        rows(
            "SELECT DISTINCT ?v { :a :p ?v, ?w FILTER (isNumeric(?v)) } ORDER BY ?v LIMIT 3 OFFSET 1"));
    assertEquals(List.of(":a"), rows("SELECT DISTINCT ?s { ?s :p ?v } ORDER BY ?v LIMIT 3"));
  }

  @Test
  void graphsAreByThemselves() {
    load(":a :p 1 . :g { :b :p 2 . :b :q :g } :h { :c :p 3 } ");
    assertEquals(List.of(":a 1"), rows("SELECT * { ?s :p ?v }"));
    assertEquals(List.of(":g :b 2", ":h :c 3"), rows("SELECT ?g ?s ?v { GRAPH ?g { ?s :p ?v } }"));
    assertEquals(List.of(":g", ":h"), rows("SELECT ?g { GRAPH ?g {} }"));
    assertEquals(
        List.of(":g 1", ":h 1"),
        rows("SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p ?v } } }"));
    assertEquals(List.of(":b"), rows("SELECT ?s { GRAPH ?g { ?s :q ?g } }"));
    assertEquals(List.of(), rows("SELECT * { GRAPH :none {} }"));
    assertEquals(List.of(":b 2", ":c 3"), rows("SELECT * FROM :g FROM :h { ?s :p ?v }"));
    assertEquals(List.of(":c 3"), rows("SELECT ?s ?v FROM NAMED :h { GRAPH ?g { ?s :p ?v } }"));
    // a graph without triples is there when the query says so
    assertEquals(
        List.of("1"), rows("SELECT ?x FROM NAMED :none { GRAPH :none { BIND (1 AS ?x) } }"));
    assertEquals(List.of(), rows("SELECT ?x FROM NAMED :h { GRAPH :none { BIND (1 AS ?x) } }"));
    assertEquals(
        List.of(":h", ":none"), rows("SELECT ?g FROM NAMED :none FROM NAMED :h { GRAPH ?g {} }"));
    assertEquals(
        List.of(":none 0"),
        rows(
            "SELECT ?g ?n FROM NAMED :none { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"));
    assertEquals(List.of("0"), rows("SELECT (COUNT(*) AS ?n) FROM :none { ?s ?p ?o }"));
  }

  @Test
  void pathsAreSetsOnlyWhereTheyRepeat() {
    load(":a :p :b, :c . :b :p :d . :c :p :d . :d :p :a .");
    assertEquals(List.of(":d", ":d"), rows("SELECT ?x { :a :p/:p ?x }"));
    assertEquals(List.of(":a", ":b", ":c", ":d"), rows("SELECT ?x { :a :p+ ?x }"));
    assertEquals(List.of(":none"), rows("SELECT ?x { :none :p* ?x }"));
    assertEquals(List.of(":a", ":d"), rows("SELECT ?x { ?x (^:p)? :d FILTER (?x IN (:a, :d)) }"));
    assertEquals(List.of(":a", ":b", ":c", ":d"), rows("SELECT ?x { ?x :p+ ?x }"));
    assertEquals(
        List.of(":none"), rows("SELECT ?x { VALUES ?x { :none } FILTER EXISTS { ?x :p* ?y } }"));
    assertEquals(
        List.of(":a"), rows("SELECT ?x { VALUES ?x { :none :a } FILTER EXISTS { ?x :p+ ?y } }"));
  }

  /**
   * What does not fit under the cap is walked in scratch files; {@code -Dpenstock.sparql.chain=N}
   * for a longer chain.
   */
  @Test
  void aLongChainNeedsLittleMemory(@TempDir Path folder) throws Exception {
    int n = Integer.getInteger("penstock.sparql.chain", 100_000);
    Path file = folder.resolve("chain.nt");
    try (PrintStream out =
        new PrintStream(new BufferedOutputStream(Files.newOutputStream(file)), false, "UTF-8")) {
      for (int i = 0; i < n; i++) {
        out.print("<http://x/" + i + "> <http://x/p> <http://x/" + (i + 1) + "> .\n");
      }
    }
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(4 << 20)
            .withSpillTo(new EngineOptions.SpillTo(folder.resolve("spill"), 1L << 30));
    Files.createDirectories(folder.resolve("spill"));
    try (Engine small = Engine.create(options)) {
      try (TripleStore disk = TripleStore.open(small, folder.resolve("store"))) {
        disk.load(file);
        String query = "SELECT (COUNT(*) AS ?n) { <http://x/0> <http://x/p>+ ?x }";
        try (SparqlResult result = new SparqlSession(disk).execute(query)) {
          assertEquals("[[\"" + n + "\"^^xsd:integer]]", result.rows().toString());
        }
      }
      assertEquals(0, small.budget().usedBytes());
      assertEquals(0, small.spilled().heldBytes());
    }
  }

  @Test
  void aLongChainNeedsNoStack() {
    StringBuilder chain = new StringBuilder();
    int n = 50_000;
    for (int i = 0; i < n; i++) {
      chain
          .append("<http://x/")
          .append(i)
          .append("> <http://x/p> <http://x/")
          .append(i + 1)
          .append("> .\n");
    }
    store.load(chain.toString(), Lang.NTRIPLES);
    assertEquals(List.of(String.valueOf(n)), rows("SELECT (COUNT(*) AS ?n) { :0 :p+ ?x }"));
    try (SparqlResult result = session.execute("SELECT * { ?x <http://x/p>* ?y }")) {
      assertTrue(result.next() != null);
      result.cancel("enough");
    }
  }

  @Test
  void drawsAreAnewForEachSolution() {
    load(":a :p 1, 2, 3 .");
    assertEquals(
        List.of("3 3 3 1"),
        rows(
            "SELECT (COUNT(DISTINCT ?r) AS ?a) (COUNT(DISTINCT ?u) AS ?b) (COUNT(DISTINCT ?n) AS ?c)"
                + " (COUNT(DISTINCT ?t) AS ?d) { ?s :p ?v BIND (RAND() AS ?r) BIND (UUID() AS ?u)"
                + " BIND (BNODE(\"x\") AS ?n) BIND (NOW() AS ?t) }"));
    assertEquals(
        List.of("true", "true", "true"),
        rows("SELECT (sameTerm(BNODE(\"x\"), BNODE(\"x\")) AS ?e) { ?s :p ?v }"));
    assertEquals(
        List.of("2"),
        rows(
            "SELECT (COUNT(DISTINCT ?r) AS ?n) { { {} UNION {} } BIND (1 AS ?x) BIND (RAND() AS ?r) }"));
  }

  @Test
  void answersAndGraphs() {
    load(":a :p 1, _:x . _:x :q 2 . :b :p 3 .");
    try (SparqlResult yes = session.execute("ASK { ?s ?p 1 }");
        SparqlResult no = session.execute("ASK { ?s ?p 4 }")) {
      assertTrue(yes.answer());
      assertFalse(no.answer());
      assertEquals(
          "a graph is not what a query of the kind ASK gives",
          assertThrows(PenstockException.class, yes::graph).getMessage());
    }
    try (SparqlResult made =
        session.execute("PREFIX : <http://x/> CONSTRUCT { ?v :of ?s . ?s :has [] } { ?s :p ?v }")) {
      assertEquals(4, made.graph().size()); // a literal is no subject
    }
    try (SparqlResult described = session.execute("DESCRIBE <http://x/a>")) {
      assertEquals(3, described.graph().size());
    }
  }

  @Test
  void formats() {
    load(":a :p 1 . :b :p \"x, y\"@en .");
    String query = "PREFIX : <http://x/> SELECT ?s ?v ?z { ?s :p ?v } ORDER BY ?s";
    assertEquals(
        "s,v,z\r\nhttp://x/a,1,\r\nhttp://x/b,\"x, y\",\r\n", written(query, ResultFormat.CSV));
    assertEquals(
        "?s\t?v\t?z\n<http://x/a>\t1\t\n<http://x/b>\t\"x, y\"@en\t\n",
        written(query, ResultFormat.TSV));
    assertEquals(
        """
        ---------------------
        | s  | v         | z |
        =====================
        | :a | 1         |   |
        | :b | "x, y"@en |   |
        ---------------------
        """
            .replace("---------------------", "-".repeat(22))
            .replace("=====================", "=".repeat(22)),
        written(query, ResultFormat.TABLE));
    assertTrue(written(query, ResultFormat.JSON).contains("\"xml:lang\": \"en\""));
    assertTrue(written(query, ResultFormat.XML).contains("<uri>http://x/a</uri>"));
    assertTrue(written("ASK {}", ResultFormat.JSON).contains("\"boolean\" : true"));
  }

  @Test
  void aTableGoesOnBehindTheRowsThatMakeItsWidths() {
    String text =
        written(
            "SELECT ?x { VALUES ?x { "
                + "1 ".repeat(1000)
                + "\"longer\" 2 } } ORDER BY isLiteral(?x) STRLEN(STR(?x))",
            ResultFormat.TABLE);
    List<String> lines = text.lines().toList();
    assertEquals(1006, lines.size());
    assertEquals("| x |", lines.get(1));
    assertEquals("| \"longer\" |", lines.get(1004));
  }

  /** What a query makes is reserved, and what does not fit is said. */
  @Test
  void triplesOfAResultAreReserved() {
    try (Engine small = Engine.create(EngineOptions.defaults().withMemoryBytes(16 << 20));
        TripleStore triples = TripleStore.create(small)) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 400; i++) {
        text.append("<http://x/" + i + "> <http://x/p> <http://x/o" + i + "> .\n");
      }
      triples.load(text.toString(), Lang.NTRIPLES);
      long used = small.budget().usedBytes();
      SparqlSession own = new SparqlSession(triples);
      String few = "CONSTRUCT WHERE { ?a <http://x/p> ?b }";
      try (SparqlResult result = own.execute(few)) {
        assertEquals(400, result.graph().size());
        assertTrue(small.budget().usedBytes() >= used + 400 * 300);
      }
      String many = "CONSTRUCT { ?a <http://x/q> ?d } { ?a ?p ?b . ?c ?q ?d }";
      try (SparqlResult result = own.execute(many)) {
        PenstockException e = assertThrows(PenstockException.class, result::graph);
        assertEquals(PenstockException.Category.LIMIT, e.category());
        assertTrue(e.getMessage().contains("the triples of the result"), e.getMessage());
      }
    }
  }

  /** The terms that a query makes go to files when they are more than a part of the cap. */
  @Test
  void aQueryMakesMoreTermsThanMemoryHolds(@TempDir Path folder) throws Exception {
    Files.createDirectories(folder.resolve("spill"));
    EngineOptions options =
        EngineOptions.defaults()
            .withWorkers(2)
            .withMemoryBytes(8 << 20)
            .withSpillTo(new EngineOptions.SpillTo(folder.resolve("spill"), 1L << 30));
    int n = 60_000;
    try (Engine small = Engine.create(options);
        TripleStore triples = TripleStore.create(small)) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < n; i++) {
        text.append("<x:a> <x:p> " + i + " .\n");
      }
      triples.load(text.toString(), Lang.TURTLE);
      long used = small.budget().usedBytes();
      SparqlSession own = new SparqlSession(triples);
      String made =
          "{ <x:a> <x:p> ?v BIND (CONCAT('ein etwas längerer Text, Nr. ', STR(?v)) AS ?t) }";
      Set<String> seen = new HashSet<>();
      try (SparqlResult result = own.execute("SELECT ?v ?t " + made)) {
        for (List<Node> row = result.next(); row != null; row = result.next()) {
          assertEquals(
              "ein etwas längerer Text, Nr. " + row.get(0).getLiteralLexicalForm(),
              row.get(1).getLiteralLexicalForm());
          assertTrue(seen.add(row.get(1).getLiteralLexicalForm()));
        }
        assertEquals(n, seen.size());
        assertTrue(small.spilled().heldBytes() > 1 << 20, () -> "" + small.spilled());
      }
      assertEquals(0, small.spilled().heldBytes());
      String twice = made.replace("}", "} UNION " + made);
      assertEquals(
          List.of("[\"" + n + "\"^^xsd:integer, \"" + 2 * n + "\"^^xsd:integer]"),
          plain(own, "SELECT (COUNT(DISTINCT ?t) AS ?a) (COUNT(?t) AS ?b) {" + twice + "}"));
      assertEquals(
          List.of("[\"ein etwas längerer Text, Nr. 59999\"]"),
          plain(own, "SELECT ?t " + made + " ORDER BY DESC(?v) LIMIT 1"));
      assertEquals(
          List.of("[\"ein etwas längerer Text, Nr. 9999\"]"),
          plain(own, "SELECT ?t " + made + " ORDER BY DESC(?t) LIMIT 1"));
      assertEquals(0, small.spilled().heldBytes());
      assertTrue(small.budget().usedBytes() <= used + 4096, () -> used + " before");
    }
  }

  private static List<String> plain(SparqlSession session, String query) {
    try (SparqlResult result = session.execute(query)) {
      return result.rows().stream().map(Object::toString).toList();
    }
  }

  /** Jena's order of patterns fails there. */
  @Test
  void aPredicateWithinExistsMayBeABlankNode() {
    load(":a :r _:n . :a :r :p . :a :p :b . :b :p :c .");
    String exists =
        "FILTER EXISTS { { SELECT ?z { :a ?z ?y . ?y ?w :c } } OPTIONAL { ?z :none ?v } }";
    assertEquals(List.of(":p"), rows("SELECT ?z { :a :r ?z " + exists + " }"));
  }

  /** Jena's writer of JSON-LD fails where a list has an empty list in it. */
  @Test
  void listsThatJsonDoesNotHoldAreSaid() {
    load(":a :p ( 1 ( 2 ) ) . :b :q ( () ) .");
    String lists = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o ";
    assertTrue(written(lists + "}", ResultFormat.TURTLE).contains("( () )"));
    PenstockException e =
        assertThrows(PenstockException.class, () -> written(lists + "}", ResultFormat.JSON));
    assertEquals("json-ld-lists", e.code());
  }

  @Test
  void aTextCountsFromWhenItIsHandedOver() {
    assertThrows(PenstockException.class, () -> session.execute("SELECT {"));
    Query failed = questions.engine.queries().history().get(0);
    assertEquals("SELECT {", failed.text());
    assertEquals(QueryState.FAILED, failed.state());
  }

  private String written(String query, ResultFormat format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (SparqlResult result = session.execute(query)) {
      format.write(result, out);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theQueryThatLoadsGivesRows() {
    assertEquals(
        "[[a:a, \"1\"^^xsd:integer, \"b\"], [a:b, \"1\"^^xsd:integer, \"b\"]]",
        SparqlSession.first().toString());
  }

  @Test
  void whatIsNotSupportedIsRefused() {
    String where = " is not supported here; docs/sparql-deviations.md lists what is";
    assertEquals("SERVICE http://x/s" + where, refused("SELECT * { SERVICE :s { ?s ?p ?o } }"));
    assertEquals(
        "SERVICE http://x/s" + where,
        refused("SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE :s { ?s ?p ?o } } }"));
    assertEquals(
        "the function <java:java.lang.System>" + where,
        refused("SELECT * { BIND (<java:java.lang.System>(1) AS ?x) }"));
    assertEquals(
        "RAND, UUID, STRUUID or BNODE in an aggregate" + where,
        refused("SELECT (SUM(RAND()) AS ?x) { ?s ?p ?o }"));
    assertEquals(
        "SPARQL:1:29: expected one of <VAR1> <VAR2> distinct reduced ( *, got '{'",
        refused("SELECT {"));
    assertEquals(
        "SPARQL:1:29: expected one of <EOF> limit offset order values group having, got '}'",
        refused("ASK {} }"));
    assertEquals(
        "SPARQL:1:22: expected a query, got 'CLEAR': there are no updates here, triples come from files",
        refused("CLEAR ALL"));
    assertTrue(refused("INSERT DATA { :a :b 1 }").contains("expected a query, got <INSERT_DATA>"));
    assertTrue(refused("DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }").contains("no updates here"));
    assertEquals("SPARQL:1:31: Unresolved prefixed name: x:y", refused("ASK { ?s x:y 1 }"));
    String deep = "SELECT * { FILTER(" + "(".repeat(200_000) + "1" + ")".repeat(200_000) + ") }";
    assertEquals("SPARQL: the query is nested too deeply for the stack of a thread", refused(deep));
    assertEquals(
        "SPARQL: BIND: Variable used when already in-scope: ?x in BIND(2 AS ?x)",
        refused("SELECT ?x { BIND(1 AS ?x) BIND(2 AS ?x) }"));
  }
}
