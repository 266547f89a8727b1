package dev.penstock.sparql.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.EngineOptions.RuntimeFilters;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.store.TripleStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.Test;

/** Paths with open ends that begin, or end, where a join asks them to. */
class JoinedPathTest {
  private static final List<String> PATTERNS =
      List.of(
          "?x :few ?k . ?k :p* ?y",
          "?x :few ?k . ?k :p+ ?y",
          "?x :few ?k . ?y :p* ?k",
          "?x :few ?k . ?y (:p|^:r)+ ?k",
          "?x :few ?k . ?k (:p/:r)* ?y",
          "?x :few ?k . ?k :p? ?y",
          "?x :few ?k ; :few ?l . ?k :p* ?l",
          "VALUES ?k { :n1 :n2 :none 'text' 7 } ?k :p* ?y",
          "VALUES ?k { :n1 :n2 :none 'text' 7 } ?y :p* ?k",
          "?k :p* ?y FILTER EXISTS { ?x :few ?k }",
          "?k :p* ?y MINUS { ?x :few ?k }",
          "?x :few ?k OPTIONAL { ?k :p+ ?y }",
          "GRAPH ?g { ?x :few ?k . ?k :p* ?y }",
          "?x :few ?k GRAPH ?g { ?k :p+ ?y }",
          "?x :few ?k GRAPH ?g { ?y :p* ?k }");

  private static String data(Random random) {
    StringBuilder out = new StringBuilder("@prefix : <http://x/> .\n");
    for (String graph : List.of("", ":g", ":h")) {
      out.append(graph).append(" {\n");
      for (int i = 0; i < 400; i++) {
        String p = random.nextInt(3) == 0 ? ":r" : ":p";
        String o = random.nextInt(9) == 0 ? "'text'" : ":n" + random.nextInt(300);
        out.append(":n" + random.nextInt(300) + " " + p + " " + o + " .\n");
      }
      for (int i = 0; i < 6; i++) {
        String o = i == 0 ? ":alone" : i == 1 ? "'text'" : ":n" + random.nextInt(300);
        out.append(":x" + random.nextInt(3) + " :few " + o + " .\n");
      }
      out.append("}\n");
    }
    return out.toString();
  }

  private static List<String> rows(Engine engine, String data, String pattern) {
    List<String> out = new ArrayList<>();
    try (TripleStore store = TripleStore.create(engine)) {
      store.load(data, Lang.TRIG);
      String query = "PREFIX : <http://x/> SELECT * { " + pattern + " }";
      try (SparqlResult result = new SparqlSession(store).withoutLookUps().execute(query)) {
        result.rows().forEach(row -> out.add(row.toString()));
      }
    }
    out.sort(null);
    return out;
  }

  @Test
  void sameAsWithoutFilters() {
    long seed = new Random().nextLong();
    System.out.println("JoinedPathTest seed " + seed);
    String data = data(new Random(seed));
    EngineOptions options = EngineOptions.defaults().withWorkers(2);
    try (Engine all = Engine.create(options.withRuntimeFilters(RuntimeFilters.ALL));
        Engine none = Engine.create(options.withRuntimeFilters(RuntimeFilters.NONE))) {
      int rows = 0;
      for (String pattern : PATTERNS) {
        List<String> expected = rows(none, data, pattern);
        assertEquals(expected, rows(all, data, pattern), () -> pattern + ", seed " + seed);
        rows += expected.size();
      }
      assertTrue(rows > 1000);
    }
  }
}
