package dev.penstock.sql.differential;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of the queries, and how fast. */
final class Tally {
  private static final int MOST_REASONS = 40;
  private final long start = System.nanoTime();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final Map<String, Integer> reasons = new TreeMap<>();
  private final Surface surface = new Surface();
  private int queries;
  private int withRows;

  /** A query whose rows were compared. */
  void compared(String sql, int rows) {
    add("compared");
    withRows += rows > 0 ? 1 : 0;
    surface.add(sql);
  }

  /** A query without rows to compare, and why. */
  void without(String kind, String reason) {
    add(kind);
    reasons.merge(
        kind + ": " + reason.lines().findFirst().orElse("").replaceAll("\\d+", "#"),
        1,
        Integer::sum);
  }

  private void add(String kind) {
    queries++;
    kinds.merge(kind, 1, Integer::sum);
  }

  int compared() {
    return kinds.getOrDefault("compared", 0);
  }

  /** One line. */
  String progress() {
    double seconds = (System.nanoTime() - start) / 1e9;
    return queries
        + " queries, "
        + Math.round(queries / seconds)
        + " a second: "
        + kinds
        + ", with rows "
        + withRows;
  }

  void print(PrintStream out) {
    out.println(progress());
    reasons.entrySet().stream()
        .sorted((a, b) -> b.getValue() - a.getValue())
        .limit(MOST_REASONS)
        .forEach(e -> out.println("  " + e.getValue() + " x " + e.getKey()));
    surface.print(out);
  }
}
