package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clojure.lang.IFn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("least")
@Timeout(120)
class ProfileTest {
  private static final int PLANS =
      Integer.getInteger("penstock.profile.plans", 80 / DifferentialTest.FEWER);
  private static final IFn EXPECTED =
      PlanBridge.function("dev.penstock.compiler.sizes", "expected");
  private static final IFn MISSING = PlanBridge.function("dev.penstock.compiler.sizes", "missing");

  /** Each operator with its rows in and its rows. */
  private static List<String> figures(Profile profile) {
    return profile.operators().stream()
        .map(o -> "  ".repeat(o.depth()) + o.op() + " " + o.rowsIn() + " " + o.rows())
        .toList();
  }

  private static Profile run(Engine engine, String plan) {
    try (Result result = engine.runTimed(engine.prepare(plan))) {
      result.drain();
      return result.profile();
    }
  }

  private static String numbers(int from, int to) {
    StringBuilder out = new StringBuilder("(values+ [a b] [");
    for (int i = from; i < to; i++) {
      out.append("[").append(i).append(" ").append(i % 3).append("] ");
    }
    return out.append("])").toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void randomPlansGiveTheRowsOfTheNaiveEvaluator(int workers) {
    Object tables = Differential.call("tables", 1);
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    try (Engine engine =
        Engine.create(EngineOptions.defaults().withWorkers(workers).withBatchRows(64))) {
      Differential.addTables(engine, tables);
      for (int seed = 0; seed < PLANS; seed++) {
        Object plan = Differential.call("plan", seed);
        Object expected = EXPECTED.invoke(plan, tables);
        if (expected == null) {
          continue;
        }
        try (Result result = engine.run(engine.prepareUnrewritten(plan))) {
          long rows = result.drain();
          List<List<@Nullable Object>> actual = new ArrayList<>();
          for (Profile.Operator o : result.profile().operators()) {
            actual.add(Arrays.asList(o.op(), o.rows()));
          }
          String missing = (String) MISSING.invoke(expected, actual);
          if (!missing.equals("()") || result.profile().operators().get(0).rows() != rows) {
            wrong.add(
                "seed "
                    + seed
                    + ": [[op rows] wanted there] "
                    + missing
                    + "\n"
                    + actual
                    + "\n"
                    + Differential.text("text", plan));
          }
          compared += ((List<?>) expected).size();
        }
      }
    }
    System.out.println("profiles: " + compared + " operators compared, plans 0 to " + (PLANS - 1));
    assertEquals(List.of(), wrong);
    assertTrue(compared > PLANS, compared + " operators of " + PLANS + " plans");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void stepsOfOneChainAreToldApart(int workers) {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(workers))) {
      Profile profile =
          run(
              engine,
              "(sort+ [b] (group+ [b] [[n (count)]] (join+ [a] (filter+ (> (+ a b) 2) "
                  + numbers(0, 10)
                  + ") (project+ [a] "
                  + numbers(5, 20)
                  + "))))");
      List<String> figures = figures(profile);
      assertEquals("sort 3 3", figures.get(0));
      assertTrue(figures.contains("  group 5 3"), figures.toString());
      assertTrue(figures.stream().anyMatch(f -> f.endsWith("filter 10 8")), figures.toString());
      assertTrue(figures.stream().anyMatch(f -> f.endsWith(" 5")), figures.toString());
      assertTrue(profile.operators().stream().allMatch(o -> o.busyNanos() > 0), figures.toString());
      assertTrue(profile.wallNanos() > 0 && profile.planningNanos() > 0);
      assertTrue(
          profile.operators().stream().anyMatch(o -> o.op().equals("group") && o.peakBytes() > 0),
          profile.text());
    }
  }

  @Test
  void aSharedSubplanIsWrittenOnceAndCountsEachUse() {
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(2))) {
      Profile profile =
          run(
              engine,
              "(with+ [P (filter+ (> a 3) " + numbers(0, 10) + ")] (union+ P (distinct+ P)))");
      assertEquals(
          List.of(
              "union 12 12",
              "  shared 6 6",
              "    filter 10 6",
              "      values 0 10",
              "  distinct 6 6",
              "    shared 0 6"),
          figures(profile));
      assertEquals("shared P (as above)", profile.operators().get(5).text());
      assertEquals("distinct", profile.operators().get(4).text());
    }
  }

  @Test
  void withoutTimesThereAreRowsOnly() {
    try (Engine engine = Engine.create();
        Result result = engine.run("(filter+ (> a 3) " + numbers(0, 10) + ")")) {
      assertEquals(6, result.drain());
      Profile profile = result.profile();
      assertEquals(List.of("filter 10 6", "  values 0 10"), figures(profile));
      assertTrue(profile.operators().stream().allMatch(o -> o.busyNanos() == 0));
      assertEquals(10.0, profile.operators().get(1).estimatedRows());
    }
  }

  @Test
  void theTextHasALineForEachOperatorAndColumns() {
    Profile profile =
        new Profile(
            List.of(
                new Profile.Operator(
                    1, "sort", 0, "sort a", 10, 5, 5, 1, 1_500_000, 2048, 3 << 20, 1 << 20, null),
                new Profile.Operator(
                    2,
                    "scan",
                    1,
                    "scan f.parquet [a]",
                    -1,
                    0,
                    1_205,
                    3,
                    0,
                    0,
                    0,
                    0,
                    new Profile.Scanned(3 << 20, 2, 7, "row groups"))),
            12_000_000,
            3_250_000,
            5_000_000_000L,
            new Profile.Pressure(7_000_000, "G1 Old Gen", 80 << 20, 5 << 20, "mapped"));
    assertEquals(
        """
        operator              est. rows   rows  batches      time   memory
        sort a                       10      5        1  1.500 ms  2.0 KiB  3.0 MiB spilled as 1.0 MiB
          scan f.parquet [a]             1,205        3  0.000 ms           2 row groups, 7 skipped, 3.0 MiB read
        wall 12.000 ms, planning 3.250 ms, peak memory 4.7 GiB, spilled 3.0 MiB, \
        pipes put 5.0 MiB into mapped segments, heap tight for 7.000 ms (G1 Old Gen above 80.0 MiB)
        """,
        profile.text());
  }

  @Test
  void explainAnalyzeRunsThePlan() {
    try (Engine engine = Engine.create()) {
      String text = engine.explainAnalyze("(filter+ (> a 3) " + numbers(0, 10) + ")", "plan");
      List<String> lines = text.lines().toList();
      assertEquals(4, lines.size(), text);
      assertTrue(lines.get(1).startsWith("filter (> a 3)"), text);
      assertTrue(lines.get(2).startsWith("  values 10 rows [a b]"), text);
      assertTrue(lines.get(3).startsWith("wall "), text);
      assertEquals(0, engine.budget().usedBytes());
    }
  }
}
