package dev.penstock.benchmarks.tpch;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.sources.tpch.TpchSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The 22 TPC-H queries as SQL beside DuckDB, and Spark if asked for, over the same Parquet files.
 *
 * <pre>
 * first:      the answers of all peers to all queries compared
 * warm-up:    all queries on all peers, again and again: planner and kernels of a JVM become fast by use
 * per query:  rounds of penstock, duckdb, spark, penstock, duckdb, spark, ...
 * times:      from the text of the query to its last row fetched, medians; planning is also shown apart
 * exit code:  1 if an answer was wrong
 * </pre>
 */
public final class TpchBench {
  private final TpchOptions options;
  private final PenstockPeer penstock;
  private final List<Peer> peers;
  private final List<double[]> medians = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  private TpchBench(TpchOptions options, PenstockPeer penstock, List<Peer> peers) {
    this.options = options;
    this.penstock = penstock;
    this.peers = peers;
  }

  public static void main(String[] args) throws Exception {
    TpchOptions options = TpchOptions.read(args);
    Path folder = folder(options);
    List<String> tables = TpchSource.tables();
    boolean right;
    try (PenstockPeer penstock = new PenstockPeer(folder, options.workers());
        DuckPeer duck = new DuckPeer(folder, tables, options.workers());
        @Nullable SparkPeer spark = options.spark() ? spark(options, folder, tables) : null) {
      List<Peer> peers = new ArrayList<>(List.of(penstock, duck));
      if (spark != null) {
        peers.add(spark);
      }
      right = new TpchBench(options, penstock, peers).run(folder);
    }
    if (!right) {
      System.exit(1);
    }
  }

  private static SparkPeer spark(TpchOptions options, Path folder, List<String> tables)
      throws IOException {
    String home = System.getenv().getOrDefault("PENSTOCK_SPARK_JAVA_HOME", "");
    Path java = Path.of(home.isEmpty() ? System.getProperty("java.home") : home, "bin", "java");
    return new SparkPeer(
        Path.of("benchmarks/spark/target"), java, folder, tables, options.workers());
  }

  /** The folder given, if it holds the tables; else one in it, where they are made. */
  private static Path folder(TpchOptions options) throws Exception {
    Path data = options.data().toAbsolutePath().normalize();
    boolean there =
        Files.exists(data.resolve("lineitem.parquet")) || Files.exists(data.resolve("lineitem"));
    return there ? data : TpchFiles.at(data, options.scale());
  }

  private boolean run(Path folder) throws Exception {
    System.out.printf(
        Locale.ROOT,
        "TPC-H SF %s, %d threads, JDK %s, %d rounds after %d of warm-up, %s%n%n",
        BigDecimal.valueOf(options.scale()).stripTrailingZeros().toPlainString(),
        options.workers(),
        Runtime.version(),
        options.rounds(),
        options.warmup() + 1,
        folder);
    Map<String, String> right = new LinkedHashMap<>();
    for (int q : options.queries()) {
      check(q, right);
    }
    if (options.rounds() > 0) {
      measure(right);
    }
    if (options.analyze()) {
      right.forEach((name, sql) -> System.out.println("\n" + name + "\n" + penstock.analyze(sql)));
    }
    System.out.printf(
        "%n%d of %d answers right%s%n",
        options.queries().size() - wrong.size(),
        options.queries().size(),
        options.answers() == null ? "" : " (" + options.answers() + ")");
    wrong.forEach(System.out::println);
    return wrong.isEmpty();
  }

  private void check(int q, Map<String, String> right) throws Exception {
    String name = String.format(Locale.ROOT, "q%02d", q);
    String sql = text(options.sql().resolve(name + ".sql"));
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
    }
  }

  private void measure(Map<String, String> queries) throws Exception {
    for (int i = 0; i < options.warmup(); i++) {
      for (String sql : queries.values()) {
        for (Peer peer : peers) {
          peer.millis(sql);
        }
      }
    }
    head();
    for (Map.Entry<String, String> query : queries.entrySet()) {
      measure(query.getKey(), query.getValue());
    }
    foot();
  }

  private String text(Path file) throws IOException {
    BigDecimal fraction =
        new BigDecimal("0.0001").divide(BigDecimal.valueOf(options.scale()), MathContext.DECIMAL64);
    return Files.readString(file).replace("@FRACTION@", fraction.toPlainString());
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

  private void measure(String name, String sql) throws Exception {
    double[] planning = new double[options.rounds()];
    double[][] times = new double[peers.size()][options.rounds()];
    for (int round = 0; round < options.rounds(); round++) {
      for (int p = 0; p < peers.size(); p++) {
        times[p][round] = peers.get(p).millis(sql);
      }
      planning[round] = penstock.planningMillis();
    }
    double[] row = new double[peers.size() + 1];
    row[0] = median(planning);
    for (int p = 0; p < peers.size(); p++) {
      row[p + 1] = median(times[p]);
    }
    medians.add(row);
    print(name, row);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  private void head() {
    StringBuilder names = new StringBuilder("| query | planning ms |");
    StringBuilder line = new StringBuilder("|---|---|");
    for (Peer peer : peers) {
      names.append(' ').append(peer.name()).append(" ms |");
      line.append("---|");
    }
    for (Peer peer : peers.subList(1, peers.size())) {
      names.append(" penstock / ").append(peer.name()).append(" |");
      line.append("---|");
    }
    System.out.println(names);
    System.out.println(line);
  }

  /** Geometric means. */
  private void foot() {
    if (medians.isEmpty()) {
      return;
    }
    double[] means = new double[peers.size() + 1];
    for (int i = 0; i < means.length; i++) {
      double logs = 0;
      for (double[] row : medians) {
        logs += Math.log(row[i]);
      }
      means[i] = Math.exp(logs / medians.size());
    }
    print("geomean", means);
  }

  private static void print(String name, double[] row) {
    StringBuilder line = new StringBuilder("| ").append(name).append(" |");
    for (double millis : row) {
      line.append(String.format(Locale.ROOT, " %.0f |", millis));
    }
    for (int p = 2; p < row.length; p++) {
      line.append(String.format(Locale.ROOT, " %.2f |", row[1] / row[p]));
    }
    System.out.println(line);
  }
}
