package dev.penstock.benchmarks.beside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void mediansAndRatiosStandInTheTable() {
    Figures figures = new Figures("bench", "ms", List.of("ours", "peer", "planning"), 2, "about");
    figures.put("a", new double[][] {{30, 10, 20}, {10, 10, 10}, {1, 2, 3}});
    figures.put("b", new double[][] {{8, 8}, {16, 16}, {4, 6}});
    assertEquals(
        """
        | bench | ours ms [min-max] | peer ms [min-max] | planning ms [min-max] | ours / peer |
        |---|---|---|---|---|
        | a | 20.0 [10.0-30.0] | 10.0 [10.0-10.0] | 2.00 [1.00-3.00] | 2.00 |
        | b | 8.00 [8.00-8.00] | 16.0 [16.0-16.0] | 5.00 [4.00-6.00] | 0.50 |
        | geomean | 12.6 | 12.6 | 3.16 | 1.00 |
        | sum | 28.0 | 26.0 | 7.00 | 1.08 |
        """,
        figures.table());
    assertEquals(Map.of("a", 2.0, "b", 0.5), figures.ratios(1));
  }

  @Test
  void aSeriesOfOneRunIsMarkedAndOneThatWasStoppedIsABound() {
    Figures figures = new Figures("bench", "ms", List.of("ours", "slow", "slower"), 3, "about");
    double[][] samples = {{10, 10}, {100}, {1000}};
    figures.put("a", samples, Set.of(2));
    assertEquals(
        """
        | bench | ours ms [min-max] | slow ms [min-max] | slower ms [min-max] | ours / slow | ours / slower |
        |---|---|---|---|---|---|
        | a | 10.0 [10.0-10.0] | 100 (one run) | >1000 (stopped) | 0.10 | <0.01 |
        | geomean | 10.0 | 100 | 1000 | 0.10 | 0.01 |
        | sum | 10.0 | 100 | 1000 | 0.10 | 0.01 |
        """,
        figures.table());
  }

  @Test
  void anUnknownOptionIsAnError() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Arguments(new String[] {"--sq", "1"}, Set.of("--sf"), Set.of()));
    assertEquals("unknown option --sq; expected one of [--sf] []", error.getMessage());
  }
}
