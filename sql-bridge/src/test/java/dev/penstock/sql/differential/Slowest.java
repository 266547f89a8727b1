package dev.penstock.sql.differential;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The queries that took longest to plan. */
final class Slowest {
  private static final int KEPT = 10;

  private record Planned(String name, String sql, long nanos) {}

  private final PriorityQueue<Planned> kept =
      new PriorityQueue<>(Comparator.comparingLong(Planned::nanos));

  void add(String name, Written query, long nanos) {
    if (kept.size() < KEPT || kept.element().nanos < nanos) {
      kept.add(new Planned(name, query.toString(), nanos));
      if (kept.size() > KEPT) {
        kept.remove();
      }
    }
  }

  void print(PrintStream out) {
    out.println("planned longest:");
    kept.stream()
        .sorted(Comparator.comparingLong(Planned::nanos).reversed())
        .forEach(
            p ->
                out.printf(
                    "  %d ms: %s, %d characters: %.400s%n",
                    p.nanos / 1_000_000, p.name, p.sql.length(), p.sql));
  }
}
