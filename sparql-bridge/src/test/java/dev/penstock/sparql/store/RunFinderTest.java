package dev.penstock.sparql.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.nodes.SortedSource;
import dev.penstock.sparql.StoreOfTests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.jena.riot.Lang;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Finders against a look at all triples: each form of a pattern, each part. */
class RunFinderTest {
  private static final int MOST = 3;

  private final Random random = new Random();

  private static void triple(StringBuilder out, String s, String p, String o) {
    out.append("<x:" + s + "> <x:" + p + "> <x:" + o + "> .\n");
  }

  private static List<long[]> triples(TripleGraph graph) {
    TripleGraph.Range all = graph.find(null, null, null);
    List<long[]> out = new ArrayList<>();
    for (long i = 0; i < all.size(); i++) {
      out.add(new long[] {all.get(0, i), all.get(1, i), all.get(2, i)});
    }
    return out;
  }

  private static Map<Long, List<long[]>> byPart(List<long[]> triples, int part) {
    Map<Long, List<long[]>> out = new TreeMap<>();
    triples.forEach(t -> out.computeIfAbsent(t[part], k -> new ArrayList<>()).add(t));
    return out;
  }

  /** Goes through keys that ascend, some of them not there, some left out; then to and fro. */
  private void check(
      TripleStore store,
      List<long[]> triples,
      @Nullable Long s,
      @Nullable Long p,
      @Nullable Long o,
      int part) {
    Map<String, Object> options = new TreeMap<>();
    Long[] given = {s, p, o};
    for (int k = 0; k < MOST; k++) {
      if (given[k] != null) {
        options.put("spo".substring(k, k + 1), given[k]);
      }
    }
    options.put("graphs", List.of(TripleStore.DEFAULT_GRAPH));
    String what = options + " by " + part;
    SortedSource source = (SortedSource) store.with(options);
    Map<Long, List<long[]>> expected =
        byPart(
            triples.stream()
                .filter(
                    t ->
                        (s == null || s == t[0])
                            && (p == null || p == t[1])
                            && (o == null || o == t[2]))
                .toList(),
            part);
    long rows = source.rowCount();
    assertTrue(source.findsAmong(part) >= rows, what);
    int[] parts = {(part + 1) % MOST, (part + 2) % MOST, part};
    SortedSource.Finder finder = source.finder(part, parts);
    List<Long> keys = new ArrayList<>(byPart(triples, part).keySet());
    int every = 1 + random.nextInt(4);
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < keys.size(); i++) {
        long key = keys.get(pass == 0 ? i : random.nextInt(keys.size()));
        if (random.nextInt(every) == 0) {
          key += random.nextInt(8) == 0 ? 1 : 0;
          found(finder, key, expected.getOrDefault(key, List.of()), parts, what);
        }
      }
    }
    found(finder, Long.MIN_VALUE, List.of(), parts, what);
    found(finder, Long.MAX_VALUE, List.of(), parts, what);
    found(finder, Long.MAX_VALUE, List.of(), parts, what);
  }

  private void found(
      SortedSource.Finder finder, long key, List<long[]> expected, int[] parts, String what) {
    assertEquals(expected.size(), finder.find(key), () -> what + " = " + key);
    int n = expected.size();
    int from = n == 0 ? 0 : random.nextInt(n);
    int count = n == 0 ? 0 : random.nextInt(10) == 0 ? n - from : Math.min(n - from, 1);
    long[] out = new long[count + 1];
    for (int c = 0; c < parts.length && count > 0; c++) {
      int place = c;
      finder.copy(c, from, count, out, 1);
      assertEquals(
          expected.subList(from, from + count).stream().map(t -> t[parts[place]]).sorted().toList(),
          Arrays.stream(out, 1, count + 1).sorted().boxed().toList(),
          () -> what + " = " + key);
    }
  }

  private void checkAll(String data) {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2));
        StoreOfTests made = new StoreOfTests(engine)) {
      TripleStore store = made.store();
      store.load(data, Lang.NTRIPLES);
      List<long[]> triples = triples(store.state().defaultGraph());
      long[] some = triples.isEmpty() ? new long[MOST] : triples.get(triples.size() / 2);
      for (int known = 0; known < 1 << MOST; known++) {
        for (int part = 0; part < MOST; part += 2) {
          if ((known >> part & 1) == 0) {
            for (long p : (known & 2) == 0 ? new long[] {0} : predicates(triples, some[1])) {
              check(
                  store,
                  triples,
                  (known & 1) == 0 ? null : (Long) some[0],
                  (known & 2) == 0 ? null : (Long) p,
                  (known & 4) == 0 ? null : (Long) some[2],
                  part);
            }
          }
        }
      }
    }
  }

  private static long[] predicates(List<long[]> triples, long otherwise) {
    long[] all = triples.stream().mapToLong(t -> t[1]).distinct().limit(MOST).toArray();
    return all.length == 0 ? new long[] {otherwise} : all;
  }

  /** Some blocks; subjects with one triple and with thousands. */
  @Test
  void randomTriples() {
    long seed = random.nextLong();
    random.setSeed(seed);
    System.out.println("RunFinderTest seed " + seed);
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < 9000; i++) {
      triple(
          data,
          "s" + random.nextInt(1 + random.nextInt(3000)),
          "p" + random.nextInt(1 + random.nextInt(5)),
          (random.nextBoolean() ? "s" : "o") + random.nextInt(1 + random.nextInt(2000)));
    }
    checkAll(data.toString());
  }

  /** Ranges that end where blocks do, and one triple before and behind. */
  @Test
  void endsOfBlocks() {
    for (int rows : new int[] {0, 1, 2047, 2048, 2049, 4096}) {
      StringBuilder data = new StringBuilder();
      for (int i = 0; i < rows; i++) {
        triple(data, "s" + i, "p", "o");
      }
      checkAll(data.toString());
      triple(data, "t", "q", "o");
      for (int i = 0; i < rows; i++) {
        triple(data, "t", "p", "o" + i);
      }
      checkAll(data.toString());
    }
  }

  @Test
  void ordersAreToldToThePlanner() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(1));
        StoreOfTests made = new StoreOfTests(engine)) {
      TripleStore store = made.store();
      store.load("<x:a> <x:p> <x:o>, <x:q> . <x:b> <x:p> <x:o> ; <x:q> <x:o> .", Lang.TURTLE);
      long[] t = triples(store.state().defaultGraph()).get(0);
      List<Long> graphs = List.of(TripleStore.DEFAULT_GRAPH);
      record Form(Map<String, Object> given, int sortedBy, List<Long> finds) {}
      for (Form f :
          List.of(
              new Form(Map.of(), 0, List.of(4L, -1L, 4L)),
              new Form(Map.of("p", t[1]), 2, List.of(4L, -1L, 3L)),
              new Form(Map.of("p", t[1], "o", t[2]), 0, List.of(2L, -1L, -1L)),
              new Form(Map.of("o", t[2]), 0, List.of(3L, -1L, -1L)),
              new Form(Map.of("s", t[0]), 1, List.of(-1L, -1L, 4L)),
              new Form(Map.of("s", t[0], "p", t[1]), 2, List.of(-1L, -1L, 2L)))) {
        Map<String, Object> options = new TreeMap<>(f.given());
        options.put("graphs", graphs);
        SortedSource source = (SortedSource) store.with(options);
        assertEquals(f.sortedBy(), source.sortedBy(), f.toString());
        assertEquals(
            f.finds(),
            List.of(source.findsAmong(0), source.findsAmong(1), source.findsAmong(2)),
            f.toString());
        assertEquals(-1, source.findsAmong(MOST), f.toString());
      }
    }
  }
}
