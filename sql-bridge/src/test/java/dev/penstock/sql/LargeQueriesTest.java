package dev.penstock.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries that programs write: hundreds of branches, of columns, of levels. */
@Timeout(120)
final class LargeQueriesTest {
  private static final int MEMORY = 512 << 20;

  private static String many(int n, String separator, IntFunction<String> part) {
    return IntStream.range(0, n).mapToObj(part).collect(Collectors.joining(separator));
  }

  private static String answer(String sql) {
    try (Engine engine =
            Engine.create(EngineOptions.defaults().withWorkers(2).withMemoryBytes(MEMORY));
        Result r = new SqlSession(engine).execute(sql)) {
      return r.rows().stream().map(row -> "" + row[0]).collect(Collectors.joining(" "));
    }
  }

  @Test
  void unionsOfHundredsOfBranchesShareTheMemoryForPipes() {
    String branches = many(600, " UNION ALL ", i -> "SELECT x + " + i % 7 + " AS x FROM t");
    assertEquals(
        "2395", answer("WITH t AS (SELECT 1 AS x) SELECT sum(x) FROM (" + branches + ") AS q"));
  }

  /** Its spelling takes as long as its text is; its parsing looks at the token. */
  @Test
  void aListOfTensOfThousandsOfValuesIsStoppedWhileItIsPlanned() {
    String list = many(100_000, ",", i -> "" + 7 * i);
    try (Engine engine = Engine.create(EngineOptions.defaults().withWorkers(1))) {
      SqlSession sql = new SqlSession(engine);
      sql.execute("SET statement_timeout = '100ms'").close();
      PenstockException e =
          assertThrows(
              PenstockException.class,
              () -> sql.execute("SELECT 1 FROM range(9) AS r (x) WHERE x IN (" + list + ")"));
      assertEquals(
          "the query was stopped at its deadline, after 0.1s; give it a longer timeout",
          e.getMessage());
      assertTrue(engine.queries().history().get(0).snapshot().elapsedNanos() < 5_000_000_000L);
    }
  }

  @Test
  void chainsOfSetOperationsGoFromLeftToRight() {
    String numbers = "(SELECT x FROM generate_series(0, 99) AS g(x))";
    String distinct = many(80, " EXCEPT ", i -> i == 0 ? numbers : "SELECT " + i);
    assertEquals(
        "0,80,81",
        answer("SELECT string_agg(x, ',' ORDER BY x) FROM (" + distinct + ") AS q WHERE x < 82"));
    String all =
        "SELECT * FROM (VALUES (1), (1), (1), (2)) AS v(x) EXCEPT ALL SELECT 1 EXCEPT ALL SELECT 1";
    assertEquals("1 2", answer(all + " ORDER BY 1"));
    String mixed = "SELECT 1 UNION ALL SELECT 1 UNION SELECT 2 UNION ALL SELECT 2 ORDER BY 1";
    assertEquals("1 2 2", answer(mixed));
    String types = "SELECT 1.5 EXCEPT SELECT 2 EXCEPT SELECT CAST(1.5 AS DOUBLE)";
    assertEquals("", answer(types));
  }

  @Test
  void columnsThatAreReadTwiceOnEachLevelAreComputedOnce() {
    String levels =
        many(40, "", i -> "(SELECT CASE WHEN a > 30 THEN a - 1 ELSE a + 1 END AS a FROM ")
            + "(SELECT 1 AS a) AS q"
            + many(40, "", i -> ") AS q");
    assertEquals("31", answer("SELECT a FROM " + levels + " WHERE a > 3 AND a < 100"));
  }

  private static String nested(int levels, UnaryOperator<String> level) {
    String e = "x";
    for (int i = 0; i < levels; i++) {
      e = level.apply(e);
    }
    return "SELECT sum(r) FROM (SELECT " + e + " AS r FROM (VALUES (1), (7), (NULL)) AS v(x)) q";
  }

  private static long parts(Object form) {
    return form instanceof List<?> list ? 1 + list.stream().mapToLong(f -> parts(f)).sum() : 1;
  }

  /** Each of them compares its operand more than once. */
  @Test
  void nestedComparisonsMakePlansThatGrowByTheirLevels() {
    Map<UnaryOperator<String>, String> levels = new LinkedHashMap<>();
    levels.put(e -> "CAST(" + e + " BETWEEN 1 AND 3 AS INT)", "1");
    levels.put(e -> "CAST(" + e + " NOT BETWEEN 1 AND 3 AS INT)", "1");
    levels.put(e -> "CASE " + e + " WHEN 1 THEN 7 WHEN 7 THEN 1 ELSE 2 END", "10");
    levels.put(e -> "CAST(" + e + " IN (1, 2, 3) AS INT)", "1");
    levels.put(e -> "CAST(" + e + " NOT IN (1, 2, 3) AS INT)", "1");
    levels.put(e -> "CAST(" + e + " IS DISTINCT FROM 1 AS INT)", "1");
    levels.put(e -> "CAST(2 IS NOT DISTINCT FROM " + e + " AS INT)", "0");
    levels.put(e -> "NULLIF(" + e + ", 7)", "1");
    try (Engine engine = Engine.create()) {
      SqlSession session = new SqlSession(engine);
      levels.forEach(
          (level, expected) -> {
            long[] size = new long[3];
            for (int i = 0; i < 3; i++) {
              String sql = nested(20 * (i + 1), level);
              size[i] = parts(session.plan(SqlSession.statements(sql, "").get(0)));
            }
            String text = nested(40, level);
            assertEquals(expected, answer(text), text);
            assertEquals(size[2] - size[1], size[1] - size[0], text);
          });
    }
  }
}
