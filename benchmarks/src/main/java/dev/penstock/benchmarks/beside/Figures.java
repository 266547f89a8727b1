package dev.penstock.benchmarks.beside;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The samples of a bench: cases (rows) by series (columns). The first series is ours, the peers
 * follow it; series that are told by the way (planning) come last and have no ratio.
 *
 * <pre>
 * table:  case | median [min-max] of each series | ours / peer, for each peer
 *         one sample: median (one run); stopped: >sample (stopped), and < before the ratio
 * file:   a line of JSON for the run, then one a case and series, with all its samples in order
 * </pre>
 */
public final class Figures {
  private static final Path RESULTS = Path.of("benchmarks/target/results");

  private final String bench;
  private final String unit;
  private final List<String> series;
  private final int peers;
  private final boolean moreIsBetter;
  private final String about;
  private final Map<String, double[][]> cases = new LinkedHashMap<>();

  /** The series of a case whose one sample is the time after which it was stopped. */
  private final Map<String, Set<Integer>> stopped = new LinkedHashMap<>();

  /**
   * @param peers how many of the series, from the first, are engines that are compared
   * @param about what was measured, on what: one line
   */
  public Figures(String bench, String unit, List<String> series, int peers, String about) {
    this(bench, unit, series, peers, about, false);
  }

  private Figures(
      String bench,
      String unit,
      List<String> series,
      int peers,
      String about,
      boolean moreIsBetter) {
    this.bench = bench;
    this.unit = unit;
    this.series = List.copyOf(series);
    this.peers = peers;
    this.about = about;
    this.moreIsBetter = moreIsBetter;
  }

  /** Figures of throughput: a ratio above 1 says that ours is the faster one. */
  public Figures ofThroughput() {
    return new Figures(bench, unit, series, peers, about, true);
  }

  /**
   * Adds a case, some series of which were stopped: their one sample is a time that was not enough,
   * and their ratio at least what it could have been.
   */
  public void put(String name, double[][] samples, Set<Integer> stoppedSeries) {
    put(name, samples);
    stopped.put(name, Set.copyOf(stoppedSeries));
  }

  /** Adds a case, or replaces it; as many arrays as there are series. */
  public void put(String name, double[][] samples) {
    if (samples.length != series.size()) {
      throw new IllegalArgumentException(
          "expected samples of " + series + ", got " + samples.length + " arrays");
    }
    cases.put(name, samples);
    stopped.remove(name);
  }

  public double median(String name, int ofSeries) {
    return median(cases.get(name)[ofSeries]);
  }

  /** Ours by a peer's, for each case; the peer is 1, 2, ... in the order of the series. */
  public Map<String, Double> ratios(int peer) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    cases.forEach((name, samples) -> ratios.put(name, median(samples[0]) / median(samples[peer])));
    return ratios;
  }

  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  public static double geomean(Iterable<Double> values) {
    double logs = 0;
    int n = 0;
    for (double v : values) {
      logs += Math.log(v);
      n++;
    }
    return Math.exp(logs / n);
  }

  /** Writes samples, table and chart to the folder of results; prints the table. */
  public void publish() throws IOException {
    if (cases.isEmpty()) {
      return;
    }
    String table = table();
    System.out.println(table);
    Files.createDirectories(RESULTS);
    String name = name();
    Files.writeString(RESULTS.resolve(name + ".jsonl"), json());
    Files.writeString(RESULTS.resolve(name + ".md"), about + "\n\n" + table);
    if (peers > 1) {
      Files.writeString(RESULTS.resolve(name + ".svg"), chart().svg());
    }
    PrintStream out = System.out;
    out.println("samples, table, chart: " + RESULTS.resolve(name) + ".jsonl, .md, .svg");
  }

  /** What the files of these figures are called: the bench, and the JDK it ran on. */
  public String name() {
    return bench + "-jdk" + Runtime.version().feature();
  }

  private Chart chart() {
    List<String> names = series.subList(1, peers);
    List<Map<String, Double>> ratios = new ArrayList<>();
    for (int p = 1; p < peers; p++) {
      ratios.add(ratios(p));
    }
    return new Chart(about, series.get(0), names, ratios);
  }

  /** The table, in Markdown; geometric means and sums in its last rows. */
  public String table() {
    StringBuilder out = new StringBuilder("| " + bench + " |");
    StringBuilder rule = new StringBuilder("|---|");
    for (String one : series) {
      out.append(' ').append(one).append(' ').append(unit).append(" [min-max] |");
      rule.append("---|");
    }
    for (String peer : series.subList(1, peers)) {
      out.append(' ').append(series.get(0)).append(" / ").append(peer).append(" |");
      rule.append("---|");
    }
    out.append('\n').append(rule).append('\n');
    cases.forEach((name, samples) -> line(out, name, samples));
    means(out);
    return out.toString();
  }

  private void line(StringBuilder out, String name, double[][] samples) {
    out.append("| ").append(name).append(" |");
    Set<Integer> over = stopped.getOrDefault(name, Set.of());
    for (int s = 0; s < samples.length; s++) {
      out.append(' ').append(over.contains(s) ? ">" : "").append(number(median(samples[s])));
      out.append(' ').append(over.contains(s) ? "(stopped)" : spread(samples[s])).append(" |");
    }
    for (int p = 1; p < peers; p++) {
      out.append(' ').append(over.contains(p) ? "<" : "");
      out.append(fixed(median(samples[0]) / median(samples[p]))).append(" |");
    }
    out.append('\n');
  }

  private static String spread(double[] values) {
    if (values.length == 1) {
      return "(one run)";
    }
    double least = Arrays.stream(values).min().orElse(Double.NaN);
    double most = Arrays.stream(values).max().orElse(Double.NaN);
    return '[' + number(least) + '-' + number(most) + ']';
  }

  private void means(StringBuilder out) {
    StringBuilder sums = new StringBuilder("| sum |");
    out.append("| geomean |");
    double[] total = new double[series.size()];
    for (int s = 0; s < series.size(); s++) {
      List<Double> medians = new ArrayList<>();
      for (double[][] samples : cases.values()) {
        medians.add(median(samples[s]));
        total[s] += median(samples[s]);
      }
      out.append(' ').append(number(geomean(medians))).append(" |");
      sums.append(' ').append(number(total[s])).append(" |");
    }
    for (int p = 1; p < peers; p++) {
      out.append(' ').append(fixed(geomean(ratios(p).values()))).append(" |");
      sums.append(' ').append(fixed(total[0] / total[p])).append(" |");
    }
    out.append('\n');
    if (!moreIsBetter) {
      out.append(sums).append('\n');
    }
  }

  /** Three digits at least, more where the number has them. */
  private static String number(double value) {
    String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.3g";
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  private static String fixed(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  private String json() {
    StringBuilder out = new StringBuilder();
    out.append("{\"bench\":").append(quoted(bench));
    out.append(",\"about\":").append(quoted(about));
    out.append(",\"unit\":").append(quoted(unit));
    out.append(",\"jdk\":").append(quoted(Runtime.version().toString()));
    out.append(",\"commit\":").append(quoted(System.getProperty("penstock.commit", "")));
    out.append(",\"processors\":").append(Runtime.getRuntime().availableProcessors());
    out.append(",\"at\":").append(quoted(java.time.Instant.now().toString())).append("}\n");
    cases.forEach(
        (name, samples) -> {
          for (int s = 0; s < samples.length; s++) {
            out.append("{\"case\":").append(quoted(name));
            out.append(",\"series\":").append(quoted(series.get(s)));
            if (stopped.getOrDefault(name, Set.of()).contains(s)) {
              out.append(",\"stopped\":true");
            }
            out.append(",\"samples\":").append(Arrays.toString(samples[s])).append("}\n");
          }
        });
    return out.toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
