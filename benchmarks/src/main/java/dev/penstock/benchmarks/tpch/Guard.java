package dev.penstock.benchmarks.tpch;

import dev.penstock.benchmarks.beside.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Fails when a query became slower beside DuckDB than it was: {@code Guard [--baseline FILE]
 * [--write] [options of TpchBench]}.
 *
 * <pre>
 * baseline:   lines of QUERY,RATIO of a run before (--write makes it)
 * suspect:    a ratio more than 30 % above that of the baseline; it is measured again, twice as often
 * exit code:  1 if a suspect stays one, an answer is wrong, or a query has no ratio in the baseline
 * </pre>
 */
public final class Guard {
  private static final double MOST = 1.3;

  private Guard() {}

  public static void main(String[] args) throws Exception {
    List<String> others = new ArrayList<>();
    Path baseline = null;
    boolean write = false;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--write")) {
        write = true;
      } else if (args[i].equals("--baseline") && i + 1 < args.length) {
        baseline = Path.of(args[++i]);
      } else {
        others.add(args[i]);
      }
    }
    TpchOptions options = TpchOptions.read(others.toArray(new String[0]));
    if (options.rounds() < 1) {
      throw new IllegalArgumentException("--rounds expects 1 or more: the guard measures");
    }
    boolean good;
    try (TpchBench bench = new TpchBench(options)) {
      System.out.println(options.about() + "\n");
      Path file =
          baseline == null
              ? Path.of("benchmarks/baseline").resolve(bench.figures().name() + ".csv")
              : baseline;
      if (!write && !Files.exists(file)) {
        throw new IllegalArgumentException("there is no baseline " + file + ": --write makes it");
      }
      Map<String, Double> before = write ? Map.of() : read(file);
      good = bench.check();
      bench.warm();
      Figures figures = bench.measure();
      if (write) {
        figures.publish();
        write(file, figures.ratios(1));
      } else {
        good &= compare(bench, figures, before, options.rounds());
        figures.publish();
      }
    }
    System.exit(good ? 0 : 1);
  }

  private static boolean compare(
      TpchBench bench, Figures figures, Map<String, Double> baseline, int rounds) throws Exception {
    boolean good = true;
    for (Map.Entry<String, Double> now : figures.ratios(1).entrySet()) {
      String query = now.getKey();
      Double before = baseline.get(query);
      if (before == null) {
        System.out.println("GUARD " + query + " has no ratio in the baseline");
        good = false;
        continue;
      }
      double ratio = now.getValue();
      if (worse(ratio, before)) {
        figures.put(query, bench.measure(query, 2 * rounds));
        double again = figures.ratios(1).get(query);
        good &= !worse(again, before);
        System.out.printf(
            Locale.ROOT,
            "GUARD %s %s: %.2f, measured again %.2f; the baseline has %.2f%n",
            query,
            worse(again, before) ? "FAILS" : "passes",
            ratio,
            again,
            before);
      }
    }
    System.out.println(good ? "GUARD passes\n" : "GUARD FAILS\n");
    return good;
  }

  /** Is a ratio to DuckDB too far above what it was? */
  static boolean worse(double now, double before) {
    return !(now <= before * MOST);
  }

  static Map<String, Double> read(Path file) throws IOException {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split(",", -1);
        ratios.put(parts[0].strip(), Double.parseDouble(parts[1].strip()));
      }
    }
    return ratios;
  }

  static void write(Path file, Map<String, Double> ratios) throws IOException {
    StringBuilder out = new StringBuilder("# query,penstock / duckdb\n");
    ratios.forEach(
        (query, ratio) -> out.append(String.format(Locale.ROOT, "%s,%.3f%n", query, ratio)));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, out.toString());
    System.out.println("baseline: " + file);
  }
}
