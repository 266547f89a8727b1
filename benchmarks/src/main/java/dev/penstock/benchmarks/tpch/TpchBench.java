package dev.penstock.benchmarks.tpch;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.benchmarks.beside.Answer;
import dev.penstock.benchmarks.beside.DuckPeer;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.beside.Peer;
import dev.penstock.benchmarks.beside.PenstockPeer;
import dev.penstock.sources.tpch.TpchSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The 22 TPC-H queries as SQL beside DuckDB, and Spark if asked for, over the same Parquet files,
 * or tables that each made of them in memory.
 *
 * <pre>
 * first:      the answers of all peers to all queries compared
 * warm-up:    all queries on all peers, again and again: planner and kernels of a JVM become fast by use
 * per query:  rounds of penstock, duckdb, spark, penstock, duckdb, spark, ...
 * times:      from the text of the query to its last row fetched, medians; planning is also shown apart
 * exit code:  1 if an answer was wrong
 * </pre>
 */
public final class TpchBench implements AutoCloseable {
  private final TpchOptions options;
  private final PenstockPeer penstock;
  private final List<Peer> peers = new ArrayList<>();
  private final Map<String, String> right = new LinkedHashMap<>();
  private final List<String> wrong = new ArrayList<>();

  TpchBench(TpchOptions options) throws Exception {
    this.options = options;
    Path folder = options.folder();
    List<String> tables = TpchSource.tables();
    penstock = PenstockPeer.over(folder, tables, options.workers(), options.memory());
    peers.add(penstock);
    if (options.planCache()) {
      penstock.withPlanCache();
    }
    peers.add(DuckPeer.over(folder, tables, options.workers(), options.memory()));
    if (options.spark()) {
      peers.add(spark(folder, tables));
    }
  }

  public static void main(String[] args) throws Exception {
    TpchOptions options = TpchOptions.read(args);
    boolean right;
    try (TpchBench bench = new TpchBench(options)) {
      right = bench.run();
    }
    if (!right) {
      System.exit(1);
    }
  }

  private SparkPeer spark(Path folder, List<String> tables) throws IOException {
    return new SparkPeer(
        Path.of("benchmarks/spark/target"),
        sparkJava(),
        options.scale() < 5 ? 4 : 10,
        folder,
        tables,
        options.workers());
  }

  /** Spark 4.1 does not start on JDK 24 and later: there it runs on the java of the path. */
  private static Path sparkJava() {
    String home = System.getenv().getOrDefault("PENSTOCK_SPARK_JAVA_HOME", "");
    if (!home.isEmpty()) {
      return Path.of(home, "bin", "java");
    }
    return Runtime.version().feature() >= 24
        ? Path.of("java")
        : Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private boolean run() throws Exception {
    System.out.println(options.about() + "\n");
    boolean allRight = check();
    if (options.rounds() > 0) {
      warm();
      measure().publish();
    }
    if (options.analyze()) {
      right.forEach((name, sql) -> System.out.println("\n" + name + "\n" + penstock.analyze(sql)));
    }
    System.out.printf(
        Locale.ROOT,
        "%n%d of %d answers right%s%n",
        right.size(),
        options.queries().size(),
        options.answers() == null ? "" : " (" + options.answers() + ")");
    return allRight;
  }

  /** Compares the answers; what is wrong is said on the way and not measured. */
  boolean check() throws Exception {
    for (int q : options.queries()) {
      String name = TpchFiles.name(q);
      String sql = options.text(q);
      String problem;
      try {
        problem = problem(name, sql);
      } catch (RuntimeException e) {
        problem = "fails: " + e.getMessage();
      }
      if (problem == null) {
        right.put(name, sql);
      } else {
        wrong.add(name + " " + problem);
        System.out.println("wrong: " + name + " " + problem);
      }
    }
    return wrong.isEmpty();
  }

  /** How the answer of Penstock is not that of a peer, or not the official one. */
  private @Nullable String problem(String name, String sql) throws Exception {
    Answer ours = penstock.answer(sql);
    if (options.answers() != null) {
      Answer official = Answer.read(options.answers().resolve(name + ".csv"));
      String difference = ours.difference(official, 1e-9, true);
      if (difference != null) {
        return "beside the official answer: " + difference;
      }
    }
    for (Peer peer : peers.subList(1, peers.size())) {
      // averages and quotients of decimals are decimals of few digits in Spark
      boolean exact = !(peer instanceof SparkPeer);
      String difference = ours.difference(peer.answer(sql), exact ? 1e-9 : 1e-4, exact);
      if (difference != null) {
        return "beside " + peer.name() + ": " + difference;
      }
    }
    return null;
  }

  void warm() throws Exception {
    for (int i = 0; i < options.warmup(); i++) {
      for (String sql : right.values()) {
        for (Peer peer : peers) {
          peer.millis(sql);
        }
      }
    }
  }

  /** Figures for what is to be measured, without samples. */
  Figures figures() {
    List<String> series = new ArrayList<>();
    peers.forEach(peer -> series.add(peer.name()));
    series.add("planning");
    String scale = BigDecimal.valueOf(options.scale()).stripTrailingZeros().toPlainString();
    String bench = "tpch" + (options.memory() ? "-memory" : "") + "-sf" + scale;
    return new Figures(bench, "ms", series, peers.size(), options.about());
  }

  /** All queries whose answers are right. */
  Figures measure() throws Exception {
    Figures figures = figures();
    for (String name : right.keySet()) {
      figures.put(name, measure(name, options.rounds()));
    }
    return figures;
  }

  /** The samples of a query: a series a peer, and the planning of ours. */
  double[][] measure(String name, int rounds) throws Exception {
    String sql = right.get(name);
    double[][] times = new double[peers.size() + 1][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int p = 0; p < peers.size(); p++) {
        times[p][round] = peers.get(p).millis(sql);
      }
      times[peers.size()][round] = penstock.planningMillis();
    }
    return times;
  }

  @Override
  public void close() throws Exception {
    for (Peer peer : peers) {
      peer.close();
    }
  }
}
