package dev.penstock.benchmarks.scaling;

import dev.penstock.benchmarks.TpchFiles;
import dev.penstock.benchmarks.beside.Arguments;
import dev.penstock.benchmarks.beside.Figures;
import dev.penstock.benchmarks.memory.Processes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How the time of the 22 queries grows with the data, and what is resident at most: {@code
 * GrowthBench [--data DIR] [--from 1] [--to 10] [--sql DIR] [--queries 1,5] [--warmup 2] [--rounds
 * 5] [--workers 2] [--memory-share 50]}. Each engine and scale in a process of its own, one after
 * the other.
 */
public final class GrowthBench {
  private static final List<String> ENGINES = List.of("penstock", "duckdb");

  private final Arguments given;
  private final Map<String, Long> residentMib = new LinkedHashMap<>();
  private final Map<String, List<String>> digests = new LinkedHashMap<>();

  private GrowthBench(Arguments given) {
    this.given = given;
  }

  public static void main(String[] args) throws Exception {
    Arguments given =
        new Arguments(
            args,
            Set.of(
                "--data",
                "--from",
                "--to",
                "--sql",
                "--queries",
                "--warmup",
                "--rounds",
                "--workers",
                "--memory-share"),
            Set.of());
    if (!new GrowthBench(given).run()) {
      System.exit(1);
    }
  }

  private boolean run() throws Exception {
    double from = given.decimal("--from", 1);
    double to = given.decimal("--to", 10);
    String about =
        "TPC-H SF " + from + " and SF " + to + ", a process each, JDK " + Runtime.version();
    System.out.println(about + "\n");
    Map<String, Double> sums = new LinkedHashMap<>();
    boolean right = true;
    for (double scale : List.of(from, to)) {
      Figures figures = new Figures("growth-sf" + scale, "ms", ENGINES, 2, about);
      List<Map<String, double[]>> samples = new ArrayList<>();
      for (String engine : ENGINES) {
        samples.add(process(engine, scale));
        double sum = 0;
        for (double[] times : samples.get(samples.size() - 1).values()) {
          sum += Figures.median(times);
        }
        sums.put(engine + scale, sum);
      }
      for (String query : samples.get(0).keySet()) {
        figures.put(query, new double[][] {samples.get(0).get(query), samples.get(1).get(query)});
      }
      if (!digests.get("penstock" + scale).equals(digests.get("duckdb" + scale))) {
        System.out.println("WRONG: rows differ at SF " + scale);
        right = false;
      }
      figures.publish();
    }
    System.out.println(
        "\n| | sum ms, SF "
            + from
            + " | sum ms, SF "
            + to
            + " | growth | peak MiB, "
            + "SF "
            + from
            + " | peak MiB, SF "
            + to
            + " |");
    System.out.println("|---|---|---|---|---|---|");
    for (String engine : ENGINES) {
      double small = sums.get(engine + from);
      double large = sums.get(engine + to);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f | %.2f | %d | %d |%n",
          engine,
          small,
          large,
          large / small,
          residentMib.get(engine + from),
          residentMib.get(engine + to));
    }
    return right;
  }

  private Map<String, double[]> process(String engine, double scale) throws Exception {
    Path folder = TpchFiles.in(data(scale), scale);
    List<String> args =
        new ArrayList<>(
            List.of(
                engine,
                folder.toString(),
                given.text("--sql", "../shared/tpch"),
                String.valueOf(scale),
                given.text("--workers", "2"),
                given.text("--warmup", "2"),
                given.text("--rounds", "5")));
    given.queries("--queries").forEach(q -> args.add(String.valueOf(q)));
    // what the launcher gives; DuckDB's memory is none of the heap
    List<String> options =
        engine.equals("penstock")
            ? List.of(
                "-XX:MaxRAMPercentage=" + given.text("--memory-share", "50"), "-XX:+UseParallelGC")
            : List.of("-Xmx256m", "-XX:+UseSerialGC");
    Map<String, double[]> samples = new LinkedHashMap<>();
    List<String> rows = new ArrayList<>();
    Processes processes = new Processes(Path.of("benchmarks/target/data"));
    for (String line : processes.run(options, GrowthChild.class, args)) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("QUERY")) {
        double[] times = new double[words.length - 3];
        for (int i = 0; i < times.length; i++) {
          times[i] = Double.parseDouble(words[i + 3]);
        }
        samples.put(words[1], times);
        rows.add(words[2]);
      } else if (words[0].equals("RSS")) {
        residentMib.put(engine + scale, Long.parseLong(words[1]) >> 10);
      } else if (!line.equals("EXIT 0")) {
        throw new IllegalStateException(engine + " at SF " + scale + ": " + line);
      }
    }
    digests.put(engine + scale, rows);
    return samples;
  }

  /** A folder of one scale holds no other: then there must be sfN folders in it. */
  private Path data(double scale) {
    return given
        .path("--data", "benchmarks/target/tpch")
        .resolve(String.format(Locale.ROOT, "sf%.0f", scale));
  }
}
