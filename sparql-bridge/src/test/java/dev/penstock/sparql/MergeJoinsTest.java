package dev.penstock.sparql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.EngineOptions.MergeScans;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.jena.riot.Lang;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Patterns that meet in the order of a run are merged, and give what hash joins give. */
@Timeout(120)
class MergeJoinsTest {
  private static final String PREFIX = "PREFIX : <http://x/> ";

  /** Orders meet, and a merge is faster. */
  private static final List<String> MERGED =
      List.of(
          "SELECT ?o ?r { ?o :product ?p . ?r :reviewOf ?p }",
          "SELECT (COUNT(*) AS ?n) { ?o :product ?p . ?r :reviewOf ?p }",
          "SELECT ?p { ?p :type :a ; :maker :m0 }",
          "SELECT ?p { ?p :type :a ; :maker :m0 ; :colour :red }",
          "SELECT ?p ?r { ?p :type :a . ?r :reviewOf ?p }",
          "SELECT ?p ?x ?y { ?p :type :c ; :size ?x ; :weight ?y }",
          "SELECT ?p ?q ?v { ?p :type :c ; ?q ?v }",
          "SELECT ?p ?x { ?p :type :c OPTIONAL { ?p :size ?x } }",
          "SELECT ?p ?r { ?p :type :a OPTIONAL { ?r :reviewOf ?p } }",
          "SELECT ?p { ?p :type :a FILTER EXISTS { ?r :reviewOf ?p } }",
          "SELECT ?p { ?p :type :a FILTER NOT EXISTS { ?r :reviewOf ?p } }",
          "SELECT ?p { ?p :type :a MINUS { ?p :colour :red } }");

  /** Here they do not, or what is found is more than one pattern of one graph. */
  private static final List<String> HASHED =
      List.of(
          "SELECT ?p { ?p :size ?x ; :weight ?y }",
          "SELECT ?p ?x { ?p :type :a OPTIONAL { ?p :size ?x FILTER(?x > 3) } }",
          "SELECT ?o ?r { { ?o :product ?p } UNION { ?p :size 3 } ?r :reviewOf ?p }",
          "SELECT ?o ?r FROM :g FROM :h { ?o :product ?p . ?r :reviewOf ?p }",
          "SELECT ?o ?r { GRAPH ?g { ?o :product ?p . ?r :reviewOf ?p } }");

  private static String data() {
    Random random = new Random(7);
    StringBuilder out = new StringBuilder("@prefix : <http://x/> .\n");
    for (int i = 0; i < 3000; i++) {
      String p = ":p" + i;
      out.append(p)
          .append(" :type ")
          .append(i % 60 == 0 ? ":c" : random.nextInt(3) > 0 ? ":a" : ":b");
      out.append(" ; :maker :m").append(random.nextInt(4)).append(" .\n");
      if (random.nextInt(3) > 0) {
        out.append(p).append(" :size ").append(random.nextInt(9)).append(" ; :colour :red .\n");
      }
      out.append(p).append(" :weight ").append(random.nextInt(9)).append(" .\n");
      for (int k = random.nextInt(4); k > 0; k--) {
        out.append(":o").append(4 * i + k).append(" :product ").append(p).append(" .\n");
        int reviewed = random.nextInt(2) == 0 ? 17 : random.nextInt(3000);
        out.append(":r").append(4 * i + k).append(" :reviewOf :p").append(reviewed).append(" .\n");
      }
    }
    return out.append(":g { :o1 :product :p1 . :r1 :reviewOf :p1 } :h { :o2 :product :p1 }")
        .toString();
  }

  private static EngineOptions options(int workers, long bytes, MergeScans where) {
    return EngineOptions.defaults()
        .withWorkers(workers)
        .withMemoryBytes(bytes)
        .withMergeScans(where);
  }

  /** What a test does with a session. */
  private interface Body {
    void run(SparqlSession session, Engine engine);
  }

  private static void with(EngineOptions options, Body body) {
    try (Engine engine = Engine.create(options);
        StoreOfTests made = new StoreOfTests(engine)) {
      made.store().load(data(), Lang.TRIG);
      body.run(new SparqlSession(made.store()).withoutLookUps(), engine);
    }
  }

  private static List<String> rows(SparqlSession session, String text) {
    try (SparqlResult result = session.execute(PREFIX + text)) {
      List<String> out = new ArrayList<>();
      result.rows().forEach(row -> out.add(row.toString()));
      out.sort(null);
      return out;
    }
  }

  private static boolean isMerged(SparqlSession session, String text) {
    return session.explain(PREFIX + text).contains("merge-join, finds");
  }

  @Test
  void sameRowsAsHashJoins() {
    List<String> all = new ArrayList<>(MERGED);
    all.addAll(HASHED);
    List<List<String>> expected = new ArrayList<>();
    with(
        options(2, 1 << 28, MergeScans.NONE),
        (session, engine) -> {
          for (String text : all) {
            assertFalse(isMerged(session, text), text);
            expected.add(rows(session, text));
          }
        });
    for (int workers : new int[] {1, 3}) {
      with(
          options(workers, 16 << 20, MergeScans.LIKELY),
          (session, engine) -> {
            for (int i = 0; i < all.size(); i++) {
              String text = all.get(i);
              assertEquals(
                  i < MERGED.size(), isMerged(session, text), session.explain(PREFIX + text));
              assertFalse(expected.get(i).isEmpty(), text);
              assertEquals(expected.get(i), rows(session, text), text);
            }
          });
    }
  }

  /** Patterns are exchanged in a plan that is used again. */
  @Test
  void otherConstants() {
    with(
        options(2, 1 << 28, MergeScans.LIKELY),
        (session, engine) -> {
          String text = "SELECT ?p ?x { ?p :type :%s ; :maker :%s ; :size ?x }";
          int sum = 0;
          for (String type : new String[] {"a", "b", "c"}) {
            for (int m = 0; m < 4; m++) {
              sum += rows(session, String.format(text, type, "m" + m)).size();
            }
          }
          assertEquals(rows(session, "SELECT ?p { ?p :size ?x }").size(), sum);
        });
  }

  /** A key with so many rows on both sides that their pairs would take minutes. */
  @Test
  void endsWhenItIsCancelled() {
    with(
        options(2, 1 << 28, MergeScans.LIKELY),
        (session, engine) -> {
          String text = PREFIX + "SELECT * { ?r :reviewOf ?p . ?s :reviewOf ?p . ?t :reviewOf ?p }";
          assertTrue(session.explain(text).contains("merge-join, finds"), session.explain(text));
          long used = engine.budget().usedBytes();
          try (SparqlResult result = session.execute(text)) {
            PenstockException e =
                assertThrows(
                    PenstockException.class,
                    () -> {
                      for (int i = 0; result.next() != null; i++) {
                        if (i == 100_000) {
                          result.cancel("enough");
                        }
                      }
                    });
            assertEquals("enough", e.getMessage());
          }
          assertEquals(used, engine.budget().usedBytes());
        });
  }
}
