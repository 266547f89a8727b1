package dev.penstock.benchmarks.sparql;

import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.beside.Rounds;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.EngineOptions.MergeScans;
import dev.penstock.sparql.SparqlResult;
import dev.penstock.sparql.SparqlSession;
import dev.penstock.sparql.store.TripleStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * {@code MergeJoinBench [--triples 1000000] [--warmup 30] [--rounds 31] [--workers 2] [CASE ...]}:
 * merge joins where the planner likes them (likely), nowhere (none) and wherever they are right
 * (all), over the market of {@link SparqlBench}.
 *
 * <pre>
 * a sample:  milliseconds of a query, from its text to its last row, its plan being there
 * </pre>
 */
public final class MergeJoinBench {
  private static final String PREFIX = "PREFIX : <" + Market.NAMES + ">\n";

  /** What meets in the order of a run, small ones and large ones. */
  private static Map<String, String> texts() {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("objects", "SELECT (COUNT(*) AS ?n) { ?o :product ?p . ?r :reviewOf ?p }");
    out.put("objects, rows", "SELECT ?o ?r { ?o :product ?p . ?r :reviewOf ?p }");
    out.put("lists", "SELECT (COUNT(*) AS ?n) { ?o :days 3 ; :vendor :vendor1 }");
    out.put("members", "SELECT ?p ?r { ?p :type :type150 . ?r :reviewOf ?p }");
    out.put("star of a list", "SELECT ?o ?v ?x { ?o :days 3 ; :vendor ?v ; :price ?x }");
    out.put("all of a list", "SELECT (COUNT(?x) AS ?n) { ?o :days 3 ; ?q ?x }");
    out.put(
        "optional of a list", "SELECT ?p ?r { ?p :type :type150 OPTIONAL { ?r :reviewOf ?p } }");
    out.put(
        "not in a list",
        "SELECT (COUNT(*) AS ?n) { ?r :rating 5 FILTER NOT EXISTS { ?r :rating 6 } }");
    out.put("names of known", "SELECT (COUNT(?n) AS ?m) { ?a :knows ?b . ?b :name ?n }");
    out.put("labels of offers", "SELECT (COUNT(?l) AS ?m) { ?o :product ?p . ?p :label ?l }");
    out.replaceAll((name, text) -> PREFIX + text);
    for (Question q : Question.ALL) {
      if (!q.isLookUp()) {
        out.put(q.name(), q.text());
      }
    }
    return out;
  }

  private MergeJoinBench() {}

  public static void main(String[] args) throws Exception {
    Arguments given =
        new Arguments(args, Set.of("--triples", "--warmup", "--rounds", "--workers"), Set.of());
    long about = Long.parseLong(given.text("--triples", "1000000"));
    int workers = given.number("--workers", 2);
    Path file = Files.createTempFile("penstock-merge-bench-", ".nt");
    List<AutoCloseable> open = new ArrayList<>();
    try {
      long triples = Market.write(file, about);
      List<SparqlSession> sessions = new ArrayList<>();
      List<String> series = new ArrayList<>();
      for (MergeScans where : MergeScans.values()) {
        Engine engine =
            Engine.create(EngineOptions.defaults().withWorkers(workers).withMergeScans(where));
        TripleStore store = TripleStore.create(engine);
        open.add(0, engine);
        open.add(0, store);
        store.load(file);
        sessions.add(new SparqlSession(store).withoutLookUps());
        series.add(where.name().toLowerCase(Locale.ROOT));
      }
      String what = triples + " triples, " + workers + " workers, JDK " + Runtime.version();
      Figures figures = new Figures("sparql-merges", "ms", series, series.size(), what);
      for (Map.Entry<String, String> query : texts().entrySet()) {
        if (!given.words().isEmpty() && !given.words().contains(query.getKey())) {
          continue;
        }
        List<Rounds.Work> works = new ArrayList<>();
        long rows = read(sessions.get(0), query.getValue());
        for (SparqlSession session : sessions) {
          if (read(session, query.getValue()) != rows) {
            throw new IllegalStateException(query.getKey() + ": rows differ");
          }
          works.add(
              () -> {
                long start = System.nanoTime();
                read(session, query.getValue());
                return (System.nanoTime() - start) / 1e6;
              });
        }
        long merges = merges(sessions.get(0), query.getValue());
        figures.put(
            query.getKey() + " (" + rows + " rows, " + merges + " merges)",
            Rounds.take(works, given.number("--warmup", 30), given.number("--rounds", 31)));
      }
      System.out.println(what + "\n");
      figures.publish();
    } finally {
      for (AutoCloseable c : open) {
        c.close();
      }
      Files.delete(file);
    }
  }

  private static long merges(SparqlSession session, String text) {
    return session.explain(text).lines().filter(l -> l.contains("merge-join, finds")).count();
  }

  private static long read(SparqlSession session, String text) {
    long n = 0;
    try (SparqlResult result = session.execute(text)) {
      while (result.next() != null) {
        n++;
      }
    }
    return n;
  }
}
