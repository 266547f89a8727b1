package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clojure.lang.IFn;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("least")
@Timeout(120)
class RecursionTest {
  @TempDir static Path directory;

  private static final String COUNT =
      "(recur+ [n (values+ [a] [[1]])] (project+ [[a (+ a 1)]] %s))";

  private static Engine engine(int workers, int batchRows) {
    return Engine.create(EngineOptions.defaults().withWorkers(workers).withBatchRows(batchRows));
  }

  /** Every third question for memory is answered with no. */
  private static Engine spilling() {
    return Engine.create(
        EngineOptions.defaults()
            .withWorkers(2)
            .withBatchRows(5)
            .withSpillTo(new EngineOptions.SpillTo(directory, Long.MAX_VALUE)),
        3,
        null);
  }

  private static List<List<@Nullable Object>> rows(Engine engine, String plan) {
    try (Result result = engine.run(plan)) {
      return result.rows().stream().map(Arrays::asList).collect(Collectors.toList());
    }
  }

  /** The engine's rows of a plan are those of the naive evaluator, with the rules and without. */
  private static List<List<@Nullable Object>> same(String plan) {
    Object form = PlanBridge.read(plan, "plan");
    Object expected = Differential.call("naive", form, Map.of());
    assertEquals(null, Differential.call("failed", expected));
    List<List<@Nullable Object>> out = List.of();
    for (int workers : new int[] {1, 4, 2}) {
      try (Engine engine = workers == 2 ? spilling() : engine(workers, 5)) {
        for (Prepared prepared : List.of(engine.prepare(form), engine.prepareUnrewritten(form))) {
          try (Result result = engine.run(prepared)) {
            List<Object[]> rows = result.rows();
            assertEquals("", Differential.text("difference", expected, rows), plan);
            out = rows.stream().map(Arrays::asList).collect(Collectors.toList());
          }
          assertEquals(0, engine.budget().usedBytes());
        }
      }
    }
    return out;
  }

  private static String edges(int... fromTo) {
    StringBuilder out = new StringBuilder("(values+ [[f :int64] [t :int64]] [");
    for (int i = 0; i < fromTo.length; i += 2) {
      out.append("[").append(fromTo[i]).append(" ").append(fromTo[i + 1]).append("] ");
    }
    return out.append("])").toString();
  }

  private static final String CLOSURE =
      "(with+ [e %s] (recur+ [r e] (project+ [f [t u]] (join+ [[t g]] r (project+ [[g f] [u t]] e)))))";

  @Test
  void countsUntilTheFilterHolds() {
    assertEquals(10, same(COUNT.formatted("(filter+ (< a 10) n)")).size());
    assertEquals(
        10,
        same("(recur+ [n (values+ [a] [[1]])] (project+ [[a (+ a 1)]] (filter+ (< a 10) (table+ n))) {:all true})")
            .size());
  }

  @Test
  void aClosureOfAGraphWithCyclesEnds() {
    assertEquals(16, same(CLOSURE.formatted(edges(1, 2, 2, 3, 3, 4, 4, 1))).size());
    Random random = new Random(7);
    for (int nodes : new int[] {3, 8, 20}) {
      int[] fromTo = random.ints(3L * nodes, 0, nodes).toArray();
      same(CLOSURE.formatted(edges(Arrays.copyOf(fromTo, fromTo.length / 2 * 2))));
    }
  }

  @Test
  void theStepMayReadTheNameTwice() {
    String edges = edges(1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7);
    same(
        "(recur+ [r "
            + edges
            + "] (project+ [f [t u]] (join+ [[t g]] r (project+ [[g f] [u t]] r))))");
    same(
        "(slice+ 0 100 (recur+ [r (values+ [a b] [[1 1] [1 2] [2 3]])] (filter+ (< a 20) (project+ [[a (+ a b)] b]"
            + " (join+ :semi [[a x]] r (project+ [[x b]] r))))))");
    same(
        "(recur+ [r (values+ [a] [[1] [2] [3]])] (project+ [[a (+ a 1)]] (filter+ (< a m)"
            + " (join+ :cross r (group+ [] [[m (max a)]] r)))))");
  }

  @Test
  void anEmptySeedGivesNothing() {
    assertEquals(List.of(), same(COUNT.replace("[[1]]", "[]").formatted("n")));
    assertEquals(
        List.of(),
        same(COUNT.replace("[[1]]", "[]").formatted("n").replace("n))", "n) {:all true})")));
  }

  @Test
  void duplicatesAndNullsAreDroppedAcrossRounds() {
    assertEquals(
        3,
        same("(recur+ [r (values+ [a] [[1] [nil] [1] [nil]])] (project+ [[a (if (= a 1) 2 nil)]] r))")
            .size());
    assertEquals(
        8,
        same("(recur+ [r (values+ [a] [[1] [nil] [1] [nil]])] (project+ [[a (if (= a 1) 2 nil)]]"
                + " (filter+ (is-not-null a) (filter+ (< a 2) (union+ r r)))) {:all true})")
            .size());
  }

  @Test
  void theStepHasTheTypesAndNamesOfTheSeed() {
    assertEquals(
        List.of("n int64"),
        typesOf("(recur+ [r (values+ [n] [[1]])] (project+ [[m (+ n 0.5)]] (filter+ (< n 3) r)))"));
    assertEquals(
        List.of("n decimal(3,1)"),
        typesOf(
            "(recur+ [r (values+ [[n [:decimal 3 1]]] [[1]])] (project+ [[m (+ n 1)]] (filter+ (< n 3) r)))"));
    // rounded as a cast: 1.75 is 2
    assertEquals(
        List.of(List.of(1L), List.of(2L), List.of(3L)),
        same("(recur+ [r (values+ [n] [[1]])] (project+ [[m (+ n 0.75)]] (filter+ (< n 3) r)))"));
  }

  private static List<String> typesOf(String plan) {
    try (Engine engine = engine(1, 5)) {
      return engine.prepare(plan).schema().fields().stream()
          .map(f -> f.name() + " " + f.type())
          .toList();
    }
  }

  @Test
  void groupsSortsWindowsAndSharedPartsInTheStep() {
    same(
        "(recur+ [r (values+ [k a] [[1 1] [2 1]])] (group+ [k] [[a (sum b)]] (project+ [k [b (+ a 1)]]"
            + " (filter+ (< a 9) r))))");
    same(
        "(recur+ [r (values+ [a] [[1] [5]])] (top+ 1 [[a :desc]] (project+ [[a (+ a 2)]] (filter+ (< a 30) r))))");
    same(
        "(recur+ [r (values+ [a] [[1] [5]])] (with+ [p (project+ [[a (+ a 2)]] (filter+ (< a 30) r))]"
            + " (union+ p (distinct+ p))))");
    same(
        "(with+ [big (values+ [x] [[3] [4] [5]])] (recur+ [r (values+ [a] [[1] [5]])] (project+ [[a (+ a s)]]"
            + " (filter+ (< a 30) (join+ :cross r (group+ [] [[s (sum x)]] big))))))");
    same("(minus+ " + COUNT.formatted("(filter+ (< a 10) n)") + " (values+ [a] [[3] [4]]))");
  }

  @Test
  void recursionsMayBeNested() {
    // for each of 1..3 in the outer one, all numbers up to it in the inner one
    same(
        "(recur+ [o (values+ [a] [[1]])] (filter+ (< a 4) (recur+ [i (project+ [[a (+ a 1)]] (filter+ (< a 4) o))]"
            + " (project+ [[a (- a 1)]] (filter+ (> a -2) i)))))");
    // the inner one reads the outer name in its step
    same(
        "(recur+ [o (values+ [a] [[1] [2]])] (project+ [[a (+ a 10)]] (filter+ (< a 30)"
            + " (recur+ [i (values+ [a] [[1]])] (project+ [[a (+ a b)]] (filter+ (< a 40) (join+ :cross i (project+ [[b a]] o))))))))");
    // the inner one has nothing to do with the outer one and is kept
    same(
        "(recur+ [o (values+ [a] [[1] [2]])] (project+ [[a (+ a b)]] (filter+ (< a 9) (join+ :cross o"
            + " (recur+ [i (values+ [b] [[1]])] (project+ [[b (+ b 1)]] (filter+ (< b 3) i)))))))");
  }

  @Test
  void aLimitAboveEndsAnEndlessRecursion() {
    String ten = "(slice+ 0 10 " + COUNT.formatted("n") + ")";
    for (int workers : new int[] {1, 4}) {
      try (Engine engine = engine(workers, 5)) {
        List<List<@Nullable Object>> rows = rows(engine, ten);
        assertEquals(10, new HashSet<>(rows).size());
        assertEquals(10L, rows.stream().filter(row -> (Long) row.get(0) <= 10).count());
      }
    }
    try (Engine engine = spilling()) { // which rows come first is not promised there
      assertEquals(10, new HashSet<>(rows(engine, ten)).size());
    }
    try (Engine engine = engine(2, 2048)) {
      assertEquals(
          10, rows(engine, "(slice+ 0 10 (recur+ [n (values+ [a] [[1]])] n {:all true}))").size());
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  @Test
  void rowsArePassedOnBeforeTheEndAndRoundsRunAheadByThePipesCapacityOnly() {
    try (Engine engine = engine(2, 2048);
        Result result = engine.run(COUNT.formatted("n"))) {
      assertNotNull(result.next());
      assertNotNull(result.next());
      result.cancel("enough");
      assertEquals("enough", assertThrows(PenstockException.class, result::rows).getMessage());
    }
  }

  @Test
  void cancelsBetweenAndInsideRounds() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (Engine engine = engine(2, 2048)) {
        Result result = engine.run(COUNT.formatted("n"));
        if (i % 2 == 0) {
          assertNotNull(result.next());
        }
        result.token().cancel(CancellationToken.Reason.PERSON, "stop " + i);
        result.close();
        assertEquals("stop " + i, java.util.Objects.requireNonNull(result.failure()).getMessage());
        assertEquals(0, engine.budget().usedBytes());
      }
    }
  }

  @Test
  void anErrorOfARoundIsTheErrorOfTheQuery() {
    try (Engine engine = engine(2, 2048)) {
      PenstockException e =
          assertThrows(
              PenstockException.class,
              () ->
                  rows(
                      engine,
                      "(recur+ [n (values+ [a] [[3]])] (project+ [[a (- a (quot a a))]] n))"));
      assertEquals("division-by-zero", e.code());
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  @Test
  void theMemoryCapEndsARecursionThatGrows() {
    try (Engine engine =
        Engine.create(
            EngineOptions.defaults().withWorkers(2).withMemoryBytes(8L << 20).withSpillTo(null))) {
      PenstockException e =
          assertThrows(
              PenstockException.class,
              () ->
                  rows(
                      engine,
                      "(group+ [] [[s (sum a)]] (recur+ [n (values+ [a] [[1]])] (union+ n (project+ [[a (+ a 1)]] n)) {:all true}))"));
      assertEquals(PenstockException.Category.LIMIT, e.category());
      assertTrue(e.getMessage().startsWith("a working table of n needs "), e.getMessage());
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " {:all true}"})
  void aHundredThousandRoundsOfOneRow(String options) {
    try (Engine engine = engine(2, 2048)) {
      long start = System.nanoTime();
      assertEquals(
          List.of(List.of(100_000L, 5_000_050_000L)),
          rows(
              engine,
              "(group+ [] [[c (count)] [s (sum a)]] (recur+ [n (values+ [a] [[1]])] (project+ [[a (+ a 1)]]"
                  + " (filter+ (< a 100000) n))"
                  + options
                  + "))"));
      System.out.println("100,000 rounds: " + (System.nanoTime() - start) / 1_000_000 + " ms");
      assertEquals(0, engine.budget().usedBytes());
    }
  }

  @Test
  void joinTablesAreKeptForAllRounds() {
    // a chain of 20,000 links, one a round: a table for each round would be 400 million rows
    String chain = "(project+ [[f n] [t (+ n 1)]] (series+ n 0 19999))";
    try (Engine engine = engine(2, 2048)) {
      for (String join :
          List.of(
              "(project+ [[a t]] (join+ [[a f]] r " + chain + "))",
              "(project+ [[a t]] (join+ [[f a]] " + chain + " r))",
              "(filter+ (is-not-null a) (project+ [[a t]] (join+ :left [[a f]] r " + chain + ")))",
              "(join+ :semi [[a f]] (project+ [[a (+ a 1)]] r) " + chain + ")")) {
        long start = System.nanoTime();
        assertEquals(
            List.of(List.of(join.contains(":semi") ? 20_000L : 20_001L)),
            rows(
                engine, "(group+ [] [[c (count)]] (recur+ [r (values+ [a] [[0]])] " + join + "))"));
        System.out.println("chain: " + (System.nanoTime() - start) / 1_000_000 + " ms");
      }
    }
  }

  @Test
  void theProfileAddsUpTheRounds() {
    try (Engine engine = engine(2, 2048);
        Result result = engine.runTimed(engine.prepare(COUNT.formatted("(filter+ (< a 10) n)")))) {
      result.drain();
      List<String> figures = new ArrayList<>();
      for (Profile.Operator o : result.profile().operators()) {
        figures.add("  ".repeat(o.depth()) + o.op() + " " + o.rowsIn() + " " + o.rows());
        assertTrue(o.busyNanos() > 0, result.profile().text());
      }
      assertEquals(
          List.of(
              "recursive 10 10",
              "  values 0 1",
              "  project 9 9",
              "    filter 10 9",
              "      recursion 0 10"),
          figures);
    }
  }

  @Test
  void randomRecursionsGiveWhatTheNaiveEvaluatorGives() {
    int plans = Integer.getInteger("penstock.recursion.plans", 80 / DifferentialTest.FEWER);
    int first = Integer.getInteger("penstock.recursion.seed", 0);
    System.out.println("recursions of seeds " + first + " to " + (first + plans - 1));
    IFn planOf = PlanBridge.function("dev.penstock.compiler.random-recursions", "plan");
    Object tables = Differential.call("tables", 1);
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    int grew = 0;
    try (Engine one = engine(1, 7);
        Engine four = engine(4, 2048)) {
      Differential.addTables(one, tables);
      Differential.addTables(four, tables);
      for (int seed = first; seed < first + plans; seed++) {
        Object plan = planOf.invoke(seed);
        Object expected = Differential.call("naive", plan, tables);
        if (Differential.call("failed", expected) != null) {
          continue;
        }
        for (Engine engine : List.of(one, four)) {
          for (boolean rewrite : new boolean[] {true, false}) {
            String difference;
            try (Result result =
                engine.run(rewrite ? engine.prepare(plan) : engine.prepareUnrewritten(plan))) {
              difference = Differential.text("difference", expected, result.rows());
              compared++;
              grew += grew(result.profile()) ? 1 : 0;
            } catch (PenstockException e) {
              // an error in a row that is dropped may be raised or not
              difference = e.category() == PenstockException.Category.INCORRECT ? "" : trace(e);
            }
            if (!difference.isEmpty()) {
              wrong.add(
                  "seed "
                      + seed
                      + (rewrite ? ": " : ", no rules: ")
                      + difference
                      + "\n"
                      + Differential.text("text", plan));
            }
          }
        }
      }
      assertEquals(0, one.budget().usedBytes());
      assertEquals(0, four.budget().usedBytes());
    }
    assertEquals(List.of(), wrong);
    assertTrue(compared > 3 * plans, compared + " results of " + plans + " plans");
    assertTrue(grew > plans, "rounds brought rows in " + grew + " of " + compared + " runs");
  }

  // a table of a join is kept where it takes half of what is free at most
  @Tag("ample")
  @Test
  void theProfileShowsWhatWasKeptForAllRounds() {
    try (Engine engine = engine(2, 2048);
        Result result =
            engine.run(
                "(recur+ [r (values+ [k] [[1]])] (project+ [[k (+ n_nationkey n_regionkey)]]"
                    + " (join+ [[k n_nationkey]] r (table+ tpch/nation [n_nationkey n_regionkey] {:sf 0.01}))))")) {
      assertEquals(7, result.drain());
      List<String> figures = new ArrayList<>();
      for (Profile.Operator o : result.profile().operators()) {
        figures.add("  ".repeat(o.depth()) + o.op() + " " + o.rows());
      }
      assertEquals(
          List.of(
              "recursive 7",
              "  shared 25",
              "    scan 25",
              "  values 1",
              "  project 7",
              "    join 7",
              "      recursion 7"),
          figures);
    }
  }

  @Test
  void explainShowsTheGraphOfTheSeed() {
    try (Engine engine = engine(2, 2048)) {
      String text = engine.explain(COUNT.formatted("(filter+ (< a 10) n)"), "plan");
      assertTrue(
          text.endsWith(
              """
              Nodes:
                recursive n
                  values 1 rows [a]
                  project [a = (+ a 1)]
                    filter (< a 10)
                      recursion n
              Graph:
                node 1: round 0 of n [1 permit, ordered] <- values -> rounds of n
                node 2: pass [2 permits] <- rounds of n -> result
              """),
          text);
    }
  }

  @Test
  void aRunningQueryTellsWhatItDidUntilNow() {
    try (Engine engine = engine(2, 2048);
        Result result = engine.run(COUNT.formatted("n"))) {
      assertNotNull(result.next());
      Profile profile = result.profile();
      assertEquals(1, profile.operators().get(1).rows(), profile.text());
      assertTrue(profile.wallNanos() > 0);
      assertEquals("recursive", profile.operators().get(0).op());
    }
  }

  private static String trace(Throwable e) {
    StringWriter out = new StringWriter();
    e.printStackTrace(new PrintWriter(out));
    return out.toString();
  }

  /** Whether the step, the last below the recursion, gave rows. */
  private static boolean grew(Profile profile) {
    List<Profile.Operator> all = profile.operators();
    int at = 0;
    while (at < all.size() && !all.get(at).op().equals("recursive")) {
      at++;
    }
    long last = 0;
    for (int i = at + 1; i < all.size() && all.get(i).depth() > all.get(at).depth(); i++) {
      last = all.get(i).depth() == all.get(at).depth() + 1 ? all.get(i).rows() : last;
    }
    return last > 0;
  }
}
