package dev.penstock.benchmarks.scaling;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.benchmarks.beside.DuckPeer;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.beside.PenstockPeer;
import dev.penstock.benchmarks.beside.Rounds;
import dev.penstock.sources.tpch.TpchSource;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code ScalingBench workers|streams [--data DIR] [--sf N] [--sql DIR] [--queries 1,5] [--longest
 * 10] [--warmup 5 | 1] [--rounds 5] [--workers 2] [--streams 1,2,4,8,32]}
 *
 * <pre>
 * workers:  1 worker and 2 over the ten longest queries of SF 10: time with one by time with two
 * streams:  2, 4, 8, 32 threads that each run all queries of SF 1, each from another one on: queries a second
 *           beside one thread's
 * </pre>
 */
public final class ScalingBench {
  private final Arguments given;
  private final double scale;
  private final Path folder;
  private final Map<String, String> queries = new LinkedHashMap<>();

  private ScalingBench(Arguments given, double scale) throws Exception {
    this.given = given;
    this.scale = scale;
    folder = TpchFiles.in(given.path("--data", "benchmarks/target/tpch"), scale);
    for (int q : given.queries("--queries")) {
      Path sql = given.path("--sql", "../shared/tpch");
      queries.put(TpchFiles.name(q), TpchFiles.query(sql, q, scale));
    }
  }

  public static void main(String[] args) throws Exception {
    Arguments given =
        new Arguments(
            args,
            Set.of(
                "--data",
                "--sf",
                "--sql",
                "--queries",
                "--longest",
                "--warmup",
                "--rounds",
                "--streams",
                "--workers"),
            Set.of());
    List<String> words = given.words().isEmpty() ? List.of("workers", "streams") : given.words();
    for (String word : words) {
      switch (word) {
        case "workers" -> new ScalingBench(given, given.decimal("--sf", 10)).workers();
        case "streams" -> new ScalingBench(given, given.decimal("--sf", 1)).streams();
        default -> throw new IllegalArgumentException("expected workers or streams, got " + word);
      }
    }
  }

  private String about(String what) {
    return what + ", TPC-H SF " + scale + ", JDK " + Runtime.version();
  }

  private void workers() throws Exception {
    int many = given.number("--workers", 2);
    List<String> tables = TpchSource.tables();
    String about = about("one worker beside " + many);
    System.out.println(about + "\n");
    try (PenstockPeer one = PenstockPeer.over(folder, tables, 1, false);
        PenstockPeer two = PenstockPeer.over(folder, tables, many, false);
        DuckPeer duckOne = DuckPeer.over(folder, tables, 1, false);
        DuckPeer duckTwo = DuckPeer.over(folder, tables, many, false)) {
      Map<String, Double> first = new LinkedHashMap<>();
      for (Map.Entry<String, String> query : queries.entrySet()) {
        String sql = query.getValue();
        Rounds.checkSame(query.getKey(), one.answer(sql), duckTwo.answer(sql), "duckdb", true);
      }
      for (Map.Entry<String, String> query : queries.entrySet()) { // compiled by now
        first.put(query.getKey(), two.millis(query.getValue()));
      }
      List<String> longest =
          first.entrySet().stream()
              .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
              .limit(given.number("--longest", 10))
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      Figures ours =
          new Figures("scaling-workers", "ms", List.of("1 worker", many + " workers"), 2, about);
      Figures theirs =
          new Figures(
              "scaling-workers-duckdb",
              "ms",
              List.of("duckdb 1 thread", "duckdb " + many + " threads"),
              2,
              about);
      for (String name : longest) {
        String sql = queries.get(name);
        double[][] samples =
            Rounds.take(
                List.of(
                    () -> one.millis(sql),
                    () -> two.millis(sql),
                    () -> duckOne.millis(sql),
                    () -> duckTwo.millis(sql)),
                // a JIT that still compiles takes time from two workers, and none from one
                given.number("--warmup", 5),
                given.number("--rounds", 5));
        ours.put(name, new double[][] {samples[0], samples[1]});
        theirs.put(name, new double[][] {samples[2], samples[3]});
      }
      ours.publish();
      theirs.publish();
    }
  }

  private void streams() throws Exception {
    int workers = given.number("--workers", 2);
    String about = about("streams of " + queries.size() + " queries, " + workers + " workers");
    System.out.println(about + "\n");
    Figures figures =
        new Figures("scaling-streams", "queries/s", List.of("penstock", "duckdb"), 2, about)
            .ofThroughput();
    List<String> tables = TpchSource.tables();
    try (PenstockPeer penstock = PenstockPeer.over(folder, tables, workers, false);
        DuckPeer duck = DuckPeer.over(folder, tables, workers, false)) {
      Streams ours = new Streams(List.copyOf(queries.values()), duck);
      List<Integer> counts =
          Stream.of(given.text("--streams", "1,2,4,8,32").split(",", -1))
              .map(Integer::valueOf)
              .toList();
      List<Rounds.Work> works =
          counts.stream()
              .flatMap(
                  n ->
                      List.<Rounds.Work>of(
                          () -> ours.queriesPerSecond(n, () -> penstock.again()),
                          () -> ours.queriesPerSecond(n, () -> duck.again()))
                          .stream())
              .toList();
      double[][] samples =
          Rounds.take(works, given.number("--warmup", 1), given.number("--rounds", 5));
      StringBuilder kept = new StringBuilder("| streams | penstock kept | duckdb kept |\n");
      kept.append("|---|---|---|\n");
      for (int i = 0; i < counts.size(); i++) {
        int n = counts.get(i);
        figures.put(n + " streams", new double[][] {samples[2 * i], samples[2 * i + 1]});
        kept.append("| ").append(n).append(" |");
        for (int p = 0; p < 2; p++) {
          double share = Figures.median(samples[2 * i + p]) / Figures.median(samples[p]);
          kept.append(String.format(Locale.ROOT, " %.2f |", share));
        }
        kept.append('\n');
      }
      figures.publish();
      System.out.println("\nof the queries a second of one stream:\n\n" + kept);
    }
  }
}
