package dev.penstock.sparql.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.term.IdRanges;
import dev.penstock.sparql.term.TermId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.Test;

/** Conditions on objects that become ranges of ids. */
final class NarrowedScanTest {
  private static final String[] OPERATORS = {"<", "<=", "=", "!=", ">=", ">"};

  private static String value(Random random) {
    int n = random.nextInt(41) - 20;
    return switch (random.nextInt(11)) {
      case 0, 1 -> String.valueOf(n);
      case 2 -> n + ".5";
      case 3 -> n + "e0";
      case 4 -> "\"" + n + ".25e0\"^^xsd:double";
      case 5 -> "\"0" + (n + 20) + "\"^^xsd:integer";
      case 6 -> "\"" + n + "\"^^xsd:float";
      case 7 -> "\"2024-01-" + (10 + (n + 20) / 3) + "\"^^xsd:date";
      case 8 ->
          "\"2024-01-10T"
              + (10 + (n + 20) / 4)
              + ":00:00"
              + (n % 2 == 0 ? "Z" : "")
              + "\"^^xsd:dateTime";
      case 9 -> n == 0 ? "true" : "\"text\"";
      default -> "<http://x/" + n + ">";
    };
  }

  /** The same as where the condition is hidden from the scan. */
  @Test
  void sameAnswers() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    String prefixes = "PREFIX : <http://x/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ";
    StringBuilder data = new StringBuilder(prefixes);
    for (int i = 0; i < 2000; i++) {
      data.append(":s").append(i % 700).append(" :p ").append(value(random)).append(" .\n");
    }
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        TripleStore store = TripleStore.create(engine)) {
      store.load(data.toString(), Lang.TURTLE);
      SparqlSession session = new SparqlSession(store);
      for (int i = 0; i < 60; i++) {
        String op = OPERATORS[random.nextInt(OPERATORS.length)];
        String constant = value(random);
        String condition =
            random.nextBoolean() ? "?v " + op + " " + constant : constant + " " + op + " ?v";
        if (random.nextInt(3) == 0) {
          condition += " && ?v " + OPERATORS[random.nextInt(6)] + " " + value(random);
        }
        String open = prefixes + "SELECT ?s ?v { ?s :p ?v FILTER(" + condition + ") }";
        String hidden =
            prefixes + "SELECT ?s ?v { ?s :p ?v FILTER(COALESCE(" + condition + ", false)) }";
        assertEquals(rows(session, hidden), rows(session, open), "seed " + seed + ": " + open);
      }
      assertTrue(
          session.explain(prefixes + "SELECT ?s { ?s :p ?v FILTER(?v < 3) }").contains("filter"),
          "the filter is shown");
    }
  }

  private static List<String> rows(SparqlSession session, String query) {
    List<String> out = new ArrayList<>();
    try (SparqlResult result = session.execute(query)) {
      result.rows().forEach(r -> out.add(r.toString()));
    }
    out.sort(null);
    return out;
  }

  @Test
  void rangesLeaveOthersOut() {
    IdRanges low = IdRanges.of(TermId.ofInteger(100), true, false);
    assertNotNull(low);
    assertTrue(low.has(TermId.ofInteger(-7)) && low.has(TermId.ofInteger(100)));
    assertTrue(!low.has(TermId.ofInteger(101)));
    IdRanges high = IdRanges.of(TermId.ofInteger(50), false, true);
    assertNotNull(high);
    IdRanges both = low.and(high);
    assertTrue(both.has(TermId.ofInteger(50)) && both.has(TermId.ofInteger(100)));
    assertTrue(!both.has(TermId.ofInteger(49)) && !both.has(TermId.ofInteger(101)));
    assertTrue(!both.has((long) TermId.IRI << 60 | 5));
    assertTrue(both.has((long) TermId.LITERAL << 60 | 5));
    assertNull(IdRanges.of((long) TermId.IRI << 60 | 5, true, false));
    assertNull(IdRanges.of(TermId.ofInteger(1), true, true));
  }

  /** A scan reads the blocks of the range only. */
  @Test
  void scansAreNarrow() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        TripleStore store = TripleStore.create(engine)) {
      StringBuilder data = new StringBuilder();
      for (int i = 0; i < 10_000; i++) {
        data.append("<http://x/s").append(i).append("> <http://x/p> ").append(i).append(" .\n");
      }
      store.load(data.toString(), Lang.TURTLE);
      TripleGraph graph = store.state().defaultGraph();
      long p = graph.predicates().keySet().iterator().next();
      IdRanges low = IdRanges.of(TermId.ofInteger(99), true, false);
      assertNotNull(low);
      List<TripleGraph.Range> narrow = graph.find(null, p, null).narrowed(low);
      assertEquals(100, narrow.stream().mapToLong(TripleGraph.Range::size).sum());
    }
  }
}
