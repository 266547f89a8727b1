package dev.penstock.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        rows.add(new ArrayList<>(java.util.Arrays.asList(row)));
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
    String text = "SELECT b FROM t WHERE a = 2";
    assertEquals(List.of(List.of("two")), run(text));
    long before = hits();
    assertEquals(List.of(List.of("two")), run(text));
    assertEquals(before + 1, hits());
    assertSame(plan(text), plan("\n " + text + " ;"));
    assertNotSame(plan(text), plan("SELECT b FROM t WHERE a = 3"));
  }

  @Test
  void valuesOfParametersAndTheirTypesTellPlansApart() {
    String text = "SELECT b FROM t WHERE a = ?";
    assertEquals(List.of(List.of("two")), run(text, 2));
    assertEquals(List.of(List.of("three")), run(text, 3));
    assertEquals(List.of(List.of("two")), run(text, 2));
    assertSame(plan(text, 2), plan(text, 2));
    assertNotSame(plan(text, 2), plan(text, 2L));
    assertNotSame(plan(text, 2), plan(text, (Object) null));
    assertNotSame(
        plan("SELECT ?", new java.math.BigDecimal("1.0")),
        plan("SELECT ?", new java.math.BigDecimal("1.00")));
  }

  @Test
  void rowsThatWereAddedAreSeenByAPlanThatWasMadeBefore() {
    String text = "SELECT count(*) FROM t WHERE a > 1";
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
      plan("SELECT a FROM t WHERE a = " + i);
    }
    assertEquals(256, plans.size());
    long before = hits();
    plan("SELECT a FROM t WHERE a = 299");
    assertEquals(before + 1, hits());
    plan("SELECT a FROM t WHERE a = 0");
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
