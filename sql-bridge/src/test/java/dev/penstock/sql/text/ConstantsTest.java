package dev.penstock.sql.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which constants of a text are not of its shape, and which are. */
class ConstantsTest {
  private static @Nullable Constants of(String text) {
    return Constants.of(text, Tokenizer.tokens(text, ""));
  }

  private static void shaped(String text, String shape, Object... values) {
    Constants constants = of(text);
    assertNotNull(constants, text);
    assertEquals(shape, constants.shape());
    assertEquals(List.of(values), constants.values(), text);
    assertEquals(
        values.length, constants.tokens().stream().filter(t -> t.isMark("?")).count(), text);
  }

  private static void whole(String text) {
    assertNull(of(text), text);
  }

  @Test
  void whatIsComparedWithSomethingIsTaken() {
    shaped("SELECT b FROM t WHERE a = 5", "SELECT b FROM t WHERE a = ?", 5);
    shaped("SELECT b FROM t WHERE a=-5 AND c>'x'", "SELECT b FROM t WHERE a=? AND c>?", -5, "x");
    shaped("FROM t WHERE (a <> 5000000000)", "FROM t WHERE (a <> ?)", 5_000_000_000L);
    shaped(
        "SELECT b FROM t WHERE a >= 1.50 OR a < 1e3 ORDER BY 1 LIMIT 2",
        "SELECT b FROM t WHERE a >= ? OR a < ? ORDER BY 1 LIMIT 2",
        new BigDecimal("1.50"),
        1000.0);
    shaped(
        "SELECT b FROM t WHERE a BETWEEN 1 AND -2 AND b NOT LIKE 'it''s%'",
        "SELECT b FROM t WHERE a BETWEEN ? AND ? AND b NOT LIKE ?", 1, -2, "it's%");
    shaped(
        "SELECT b FROM t WHERE a NOT IN (1, 2, 3) GROUP BY b HAVING count(*) > 7",
        "SELECT b FROM t WHERE a NOT IN (?, ?, ?) GROUP BY b HAVING count(*) > ?",
        1,
        2,
        3,
        7);
    shaped(
        "SELECT b FROM t WHERE d < DATE '2020-01-02' AND e = timestamp '2020-01-02 03:04:05'",
        "SELECT b FROM t WHERE d < ? AND e = ?",
        LocalDate.of(2020, 1, 2),
        LocalDateTime.of(2020, 1, 2, 3, 4, 5));
  }

  @Test
  void joinsAndQueriesWithinHaveConditionsToo() {
    shaped(
        "SELECT 1 FROM t JOIN u ON t.a = u.a AND u.b = 3 LEFT JOIN v ON v.b > 4 WHERE t.c = 'x'",
        "SELECT 1 FROM t JOIN u ON t.a = u.a AND u.b = ? LEFT JOIN v ON v.b > ? WHERE t.c = ?",
        3,
        4,
        "x");
    shaped(
        "SELECT a FROM (SELECT a, 5 = b FROM t WHERE c = 6) s WHERE EXISTS"
            + " (SELECT 7 FROM u WHERE u.a = 8 AND s.a IN (SELECT 9 FROM v WHERE v.a = 10))",
        "SELECT a FROM (SELECT a, 5 = b FROM t WHERE c = ?) s WHERE EXISTS"
            + " (SELECT 7 FROM u WHERE u.a = ? AND s.a IN (SELECT 9 FROM v WHERE v.a = ?))",
        6,
        8,
        10);
    shaped(
        "WITH w AS (SELECT a FROM t WHERE b = 1) SELECT a FROM w WHERE a = 2 UNION ALL"
            + " SELECT a FROM t WHERE a = 3",
        "WITH w AS (SELECT a FROM t WHERE b = ?) SELECT a FROM w WHERE a = ? UNION ALL"
            + " SELECT a FROM t WHERE a = ?",
        1,
        2,
        3);
  }

  @Test
  void namesPlacesAndWhatIsComputedStay() {
    whole("SELECT a = 5 FROM t");
    whole("SELECT (SELECT max(b) FROM u WHERE c = 5), count(*) FILTER (WHERE a > 3) FROM t");
    whole("SELECT * EXCEPT (a), (SELECT max(b) FROM u WHERE c = 5) FROM t");
    whole("SELECT a IS DISTINCT FROM (SELECT max(b) FROM u WHERE c = 5) FROM t");
    whole("SELECT DISTINCT ON (a = 5) b FROM t");
    whole("SELECT a FROM t GROUP BY a, (b = 5) ORDER BY a = 5, 1 LIMIT 3 OFFSET 1");
    whole("SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY a = 5 ORDER BY b) = 1");
    whole("SELECT a FROM t WHERE a + 5 > b AND upper('x') = b AND round(a, 2) = b");
    whole("SELECT a FROM t WHERE a = 5 + b AND c = 5 * 2 AND b LIKE 'x!%' ESCAPE '!'");
    whole("SELECT a FROM t WHERE d > DATE '2020-01-01' + INTERVAL '1' DAY");
    whole(
        "SELECT a FROM t WHERE d - b > INTERVAL '1' DAY AND d > DATE 'x' AND d > TIME '10:00:00'");
    whole("SELECT a FROM t WHERE a IN (1, b) AND b IN (SELECT 5) AND (a, b) IN ((1, 2), (3, 4))");
    whole("SELECT a FROM t WHERE 1 = 0 OR 5 = a OR a = NULL OR a = TRUE OR 'x' LIKE b");
    whole("SELECT a FROM t WHERE a BETWEEN b AND 5 OR a = 5::BIGINT OR a = 1234567890123456789");
    whole("SELECT a FROM t WHERE a = ? AND b = 5");
    whole("VALUES (1), (2)");
  }

  @Test
  void whatIsNoTableIsTold() {
    whole("SELECT a FROM 'f.csv' WHERE a = 5");
    whole("SELECT a FROM read_csv('f.csv') WHERE a = 5");
    whole("SELECT a FROM information_schema.tables WHERE a = 5");
    whole("SELECT a FROM t, range(5) r WHERE a = 5");
    whole("WITH RECURSIVE w AS (SELECT 1 AS a UNION SELECT a + 1 FROM w WHERE a < 5) FROM w");
  }

  @Test
  void tablesAreNamed() {
    Constants constants =
        of(
            "WITH w AS (SELECT a FROM t, \"u x\" WHERE b = 1)"
                + " SELECT 1 FROM w JOIN (v x JOIN y ON x.a = 3, z) ON TRUE WHERE w.a = 2");
    assertNotNull(constants);
    assertEquals(List.of("t", "u x", "v", "y", "z"), constants.tables());
  }
}
