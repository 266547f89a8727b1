package dev.penstock.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan is found again by what it hangs on, and by nothing else. */
class PlanCacheTest {
  @TempDir Path folder;
  private Engine engine;
  private SqlSession sql;

  @BeforeEach
  void open() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(1).withBaseDirectory(folder, true));
    sql = new SqlSession(engine);
    run("CREATE TABLE t (a INTEGER, b VARCHAR)");
    run("INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three')");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private List<List<@Nullable Object>> run(String text, @Nullable Object... values) {
    return run(sql, text, values);
  }

  private static List<List<@Nullable Object>> run(
      SqlSession session, String text, @Nullable Object... values) {
    try (Result result = session.execute(text, values)) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (Object[] row : result.rows()) {
        rows.add(new ArrayList<>(Arrays.asList(row)));
      }
      return rows;
    }
  }

  private Prepared plan(String text, @Nullable Object... values) {
    return sql.prepare(SqlSession.statements(text, "").get(0), values);
  }

  private long hits() {
    return sql.catalog().plans().hits();
  }

  @Test
  void aTextThatComesAgainIsNotPlannedAgain() {
    String text = "SELECT b FROM t WHERE 2 = a";
    assertEquals(List.of(List.of("two")), run(text));
    long before = hits();
    assertEquals(List.of(List.of("two")), run(text));
    assertEquals(before + 1, hits());
    assertSame(plan(text), plan("\n " + text + " ;"));
    assertNotSame(plan(text), plan("SELECT b FROM t WHERE 3 = a"));
  }

  /** How many plans were made while values were asked for one after the other. */
  private int plansMade(String text, List<? extends @Nullable Object> answers, Object... values) {
    int before = sql.catalog().plans().size();
    for (int i = 0; i < values.length; i++) {
      Object[] one = values[i] instanceof Object[] several ? several : new Object[] {values[i]};
      List<List<@Nullable Object>> rows = run(text, one);
      assertEquals(answers.get(i), rows.isEmpty() ? null : rows.get(0).get(0), text);
    }
    return sql.catalog().plans().size() - before;
  }

  @Test
  void onePlanServesAllValuesOfAType() {
    List<String> all = List.of("one", "two", "three");
    assertEquals(1, plansMade("SELECT b FROM t WHERE a = ?", all, 1, 2, 3));
    assertEquals(1, plansMade("SELECT b FROM t WHERE a + ? = 4", all, 3L, 2L, 1L));
    assertEquals(
        1,
        plansMade(
            "SELECT max(b) FROM t WHERE a IN (?, ?)",
            List.of("two", "three"),
            new Object[] {1, 2},
            new Object[] {3, 3}));
    assertEquals(1, plansMade("SELECT a FROM t WHERE b LIKE ?", List.of(2, 3), "tw%", "%ee"));
    assertEquals(
        1,
        plansMade(
            "SELECT sum(a) FROM t WHERE a BETWEEN ? AND ?",
            List.of(3L, 5L),
            new Object[] {1, 2},
            new Object[] {2, 3}));
    assertEquals(
        1, plansMade("SELECT a FROM t WHERE upper(b) = upper(?)", List.of(1, 2), "One", "tWO"));
    assertEquals(
        1,
        plansMade(
            "SELECT coalesce(b, ?) || ? FROM t WHERE a = 1",
            List.of("one!", "one?"),
            new Object[] {"x", "!"},
            new Object[] {"y", "?"}));
  }

  @Test
  void typesOfParametersTellPlansApart() {
    String text = "SELECT b FROM t WHERE a = ?";
    assertEquals(3, plansMade(text, List.of("two", "two", "two"), 2, 2L, 2.0));
    assertEquals(0, plansMade(text, List.of("three", "three", "three"), 3, 3L, 3.0));
    assertNotSame(plan(text, 2), plan(text, 2L));
    assertEquals(
        1, plansMade(text, Collections.singletonList(null), new Object[] {new Object[] {null}}));
    assertNotSame(
        plan("SELECT ? + 1", new BigDecimal("1.0")), plan("SELECT ? + 1", new BigDecimal("1.00")));
    assertEquals(
        List.of("1.10", "2.345"),
        List.of(
            String.valueOf(run("SELECT ? + 1.00", new BigDecimal("0.1")).get(0).get(0)),
            String.valueOf(run("SELECT ? + 1.00", new BigDecimal("1.345")).get(0).get(0))));
  }

  @Test
  void aValueThatAPlanCannotTakeHasAPlanOfItsOwn() {
    String text = "SELECT b FROM t WHERE a = ?"; // a is an INTEGER, the values are longs
    assertEquals(2, plansMade(text, Arrays.asList("two", null, "three"), 2L, 1L << 40, 3L));
    String day = "SELECT count(*) FROM (VALUES (DATE '2020-01-02')) AS s(d) WHERE d = ?";
    assertEquals(1, plansMade(day, List.of(1L, 0L), "2020-01-02", "2020-01-03"));
    PenstockException e = assertThrows(PenstockException.class, () -> run(day, "soon"));
    assertEquals("bad-cast", e.code(), e.getMessage());
    assertEquals(List.of(List.of(1L)), run(day, "2020-01-02"));
  }

  @Test
  void aValueThatShapesAPlanIsPartOfIt() {
    assertEquals(
        2,
        plansMade("SELECT count(*) FROM (SELECT a FROM t LIMIT ?)", List.of(1L, 2L, 1L), 1, 2, 1));
    assertEquals(
        2,
        plansMade(
            "SELECT b FROM t WHERE a > ? ORDER BY a LIMIT ? OFFSET ?",
            List.of("two", "three", "three", "one"),
            new Object[] {1, 1, 0},
            new Object[] {1, 1, 1},
            new Object[] {2, 1, 0},
            new Object[] {0, 1, 0}));
    assertEquals(
        2,
        plansMade(
            "SELECT round(a + 0.25, ?) FROM t WHERE a = 1",
            List.of(new BigDecimal("1.3"), new BigDecimal("1")),
            1,
            0));
    assertEquals(
        2, plansMade("SELECT a FROM t WHERE ? OR a = 3", List.of(1, 3, 1), true, false, true));
    // a value is no place in the select list
    assertEquals(
        List.of(List.of("three", 3), List.of("two", 2), List.of("one", 1)),
        run("SELECT b, a FROM t ORDER BY a * ?", -1));
  }

  @Test
  void textsThatDifferInTheirConstantsShareAPlan() {
    int before = sql.catalog().plans().size();
    for (int i = 0; i < 20; i++) {
      List<List<Object>> expected = i == 2 ? List.of(List.of("two")) : List.of();
      assertEquals(expected, run("SELECT b FROM t WHERE a = " + i + " AND b >= 'tw'"));
    }
    assertEquals(before + 1, sql.catalog().plans().size());
    assertEquals(List.of(), run("SELECT b FROM t WHERE a = 7000000000 AND b >= 'tw'"));
    assertEquals(List.of(), run("SELECT b FROM t WHERE a = 2.5 AND b >= 'tw'"));
    assertEquals(List.of(List.of(1L)), run("SELECT count(*) FROM t WHERE b = 'three' LIMIT 1"));
    assertEquals(List.of(List.of(true)), run("SELECT a = 2 FROM t WHERE a = 2"));
    run("CREATE OR REPLACE VIEW v AS SELECT 2 AS a");
    assertEquals(List.of(List.of(2L)), longs(run("SELECT a FROM v WHERE a = 2")));
  }

  @Test
  void plansOfParametersGiveWhatPlansOfLiteralsGive() {
    long seed = System.nanoTime();
    Random dice = new Random(seed);
    run(
        "CREATE TABLE n AS SELECT x AS a, x % 7 AS b, x * 1.25 AS c, 'k' || (x % 5) AS d,"
            + " DATE '2020-01-01' + x AS e, CASE WHEN x % 3 = 0 THEN NULL ELSE x * 0.5e0 END AS f"
            + " FROM generate_series(1, 60) AS s(x)");
    List<String> texts =
        List.of(
            "SELECT count(*), sum(a) FROM n WHERE a < %s AND c >= %s",
            "SELECT d, sum(c * %s) FROM n WHERE f <> %s GROUP BY d ORDER BY d",
            "SELECT a FROM n WHERE a IN (%s, %s, 3) ORDER BY a",
            "SELECT CASE WHEN b = %s THEN c ELSE %s END AS z FROM n ORDER BY z",
            "SELECT x.a FROM n x JOIN n y ON x.a = y.b WHERE y.a = %s OR x.c = %s ORDER BY 1",
            "SELECT a FROM n WHERE nullif(a, %s) IS NULL OR c BETWEEN %s AND 20 ORDER BY a");
    for (int i = 0; i < 120; i++) {
      String text = texts.get(dice.nextInt(texts.size()));
      Object[] values = {number(dice), number(dice)};
      assertEquals(
          run(String.format(Locale.ROOT, text, literal(values[0]), literal(values[1]))),
          run(text.replace("%s", "?"), values),
          () -> "seed " + seed + ": " + text + " " + List.of(values));
    }
  }

  private static Object number(Random dice) {
    return switch (dice.nextInt(3)) {
      case 0 -> dice.nextInt(60);
      case 1 -> new BigDecimal(BigInteger.valueOf(dice.nextInt(6000)), 2);
      default -> dice.nextInt(120) / 2.0;
    };
  }

  private static String literal(Object value) {
    return value instanceof Double d ? "CAST(" + d + " AS DOUBLE)" : value.toString();
  }

  @Test
  void rowsThatWereAddedAreSeenByAPlanThatWasMadeBefore() {
    String text = "SELECT count(*) FROM t WHERE 1 < a";
    Prepared before = plan(text);
    assertEquals(List.of(List.of(2L)), run(text));
    run("INSERT INTO t VALUES (4, 'four')");
    assertSame(before, plan(text));
    assertEquals(List.of(List.of(3L)), run(text));
    run("INSERT INTO t SELECT x, 'many' FROM generate_series(1, 5000) AS s(x)");
    assertNotSame(before, plan(text), "the table is far larger than it was");
    assertEquals(List.of(List.of(5002L)), run(text));
  }

  @Test
  void aTableOfTheSameNameHasAPlanOfItsOwn() {
    String text = "SELECT * FROM t ORDER BY 1";
    assertEquals(3, run(text).size());
    run("CREATE OR REPLACE TABLE t (z VARCHAR)");
    run("INSERT INTO t VALUES ('new')");
    assertEquals(List.of(List.of("new")), run(text));
    run("DROP TABLE t");
    run("CREATE VIEW t AS SELECT 7 AS seven");
    assertEquals(List.of(List.of(7L)), longs(run(text)));
    run("CREATE OR REPLACE VIEW t AS SELECT 8 AS eight");
    assertEquals(List.of(List.of(8L)), longs(run(text)));
  }

  private static List<List<Long>> longs(List<List<@Nullable Object>> rows) {
    return rows.stream()
        .map(
            r ->
                r.stream()
                    .map(v -> ((Number) java.util.Objects.requireNonNull(v)).longValue())
                    .toList())
        .toList();
  }

  @Test
  void settingsTellPlansApart() {
    String text = "SELECT 7 / 2 AS x FROM t LIMIT 1";
    assertEquals(List.of(List.of(3.5)), run(text));
    run("SET integer_division = true");
    assertEquals(List.of(List.of(3L)), longs(run(text)));
    run("SET integer_division = false");
    long before = hits();
    assertEquals(List.of(List.of(3.5)), run(text));
    assertEquals(before + 1, hits());
  }

  @Test
  void aFileThatChangedIsReadAnew() throws IOException {
    Path file = folder.resolve("f.csv");
    write(file, "a,b\n1,2\n", 100);
    String text = "SELECT * FROM 'f.csv'";
    assertEquals(List.of(List.of(1L, 2L)), longs(run(text)));
    assertSame(plan(text), plan(text));
    write(file, "a,b\n1,3\n", 90);
    assertEquals(List.of(List.of(1L, 3L)), longs(run(text)));
    write(file, "a,b,c\n1,4,5\n", 80);
    assertEquals(List.of(List.of(1L, 4L, 5L)), longs(run(text)));
    write(folder.resolve("g1.csv"), "n\n1\n", 70);
    String glob = "SELECT count(*) FROM 'g*.csv'";
    assertEquals(List.of(List.of(1L)), run(glob));
    write(folder.resolve("g2.csv"), "n\n1\n", 60);
    assertEquals(List.of(List.of(2L)), run(glob));
  }

  @Test
  void aFileInTheCatalogIsLookedAtInEachRun() throws IOException {
    Path file = folder.resolve("k.csv");
    write(file, "a\n1\n", 100);
    engine.catalog().add("k", new FileTable(engine, "k.csv", java.util.Map.of()));
    String text = "SELECT * FROM k";
    assertEquals(List.of(List.of(1L)), longs(run(text)));
    assertSame(plan(text), plan(text));
    write(file, "a,b\n1,2\n", 90);
    assertEquals(List.of(List.of(1L, 2L)), longs(run(text)));
  }

  /** Written so long ago that what is read of it is kept. */
  private static void write(Path file, String text, int secondsAgo) throws IOException {
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(secondsAgo)));
  }

  @Test
  void whatIsAnotherValueInEachRunIsPlannedEachTime() {
    assertNotSame(plan("SELECT now()"), plan("SELECT now()"));
    assertNotSame(plan("SELECT current_date"), plan("SELECT current_date"));
    assertNotSame(plan("SELECT random() FROM t"), plan("SELECT random() FROM t"));
  }

  @Test
  void noMorePlansAreKeptThanThereIsRoomFor() {
    PlanCache plans = sql.catalog().plans();
    for (int i = 0; i < 300; i++) {
      plan("SELECT a + " + i + " FROM t");
    }
    assertEquals(256, plans.size());
    long before = hits();
    plan("SELECT a + 299 FROM t");
    assertEquals(before + 1, hits());
    plan("SELECT a + 0 FROM t");
    assertEquals(before + 1, hits());
  }

  @Test
  void sessionsOfACatalogShareItsPlansWhileTablesComeAndGo() throws Exception {
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Integer>> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int own = i;
      all.add(
          pool.submit(
              () -> {
                SqlSession session = new SqlSession(engine, sql.catalog());
                start.await();
                int right = 0;
                for (int n = 0; n < 30; n++) {
                  List<List<Object>> expected = List.of(List.of("two"));
                  right += run(session, "SELECT b FROM t WHERE a = 2").equals(expected) ? 1 : 0;
                  if (n % 5 == own) {
                    run(session, "CREATE OR REPLACE TABLE own" + own + " AS SELECT " + n + " AS n");
                  }
                }
                return right;
              }));
    }
    start.countDown();
    for (Future<Integer> each : all) {
      assertEquals(30, each.get());
    }
    pool.shutdown();
    assertTrue(hits() > 0, "no plan was found again");
  }
}
