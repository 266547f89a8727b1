package dev.penstock.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Result;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What other databases write and the parser behind does not know. */
class OtherSpellingsTest {
  private static Engine engine;
  private static SqlSession sql;

  @BeforeAll
  static void open() {
    engine = Engine.create();
    sql = new SqlSession(engine);
    run("CREATE TABLE t AS SELECT * FROM (VALUES (1, 1), (2, 1), (3, 2), (NULL, 2)) v(i, g)");
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static String run(String statement) {
    try (Result result = sql.execute(statement)) {
      return result.rows().stream()
          .map(Arrays::toString)
          .collect(Collectors.joining(" "))
          .replace(" ", "")
          .replace("][", "|");
    }
  }

  @Test
  void inATableAndInNothing() {
    assertEquals("[1,1]", run("SELECT i, g FROM t WHERE i NOT IN (2, 3)"));
    assertEquals("[true,null]", run("SELECT 1 IN (SELECT i FROM t), 5 IN (SELECT i FROM t)"));
    run("CREATE TABLE ones AS SELECT 1 AS i");
    assertEquals("[1]", run("SELECT i FROM t WHERE i IN ones"));
    assertEquals("[true,false]", run("SELECT 2 NOT IN ones, 2 IN ones"));
    assertEquals("[false,true]", run("SELECT 1 IN (), NULL NOT IN ()"));
  }

  @Test
  void notNullBehindAnOperand() {
    assertEquals("[3]", run("SELECT count(*) FROM t WHERE i NOT NULL"));
    assertEquals("[1]", run("SELECT count(*) FROM t WHERE (i + 1) IS NOT NULL AND NOT i > 1"));
    assertEquals("[null]", run("SELECT NOT NULL"));
  }

  @Test
  void orderByAll() {
    assertEquals("[2,3|2,null|1,1|1,2]", run("SELECT g, i FROM t ORDER BY g DESC, i"));
    assertEquals("[1,1|1,2|2,3|2,null]", run("SELECT g, i FROM t ORDER BY ALL"));
    assertEquals("[2,3|2,null|1,2|1,1]", order("DESC NULLS LAST"));
    assertEquals("[1|2]", run("SELECT g FROM t UNION SELECT g FROM t ORDER BY ALL LIMIT 5"));
    assertEquals("[1,1|2,1|3,2|null,2]", run("SELECT * FROM t ORDER BY ALL"));
  }

  private static String order(String direction) {
    return run("SELECT g, i FROM t ORDER BY ALL " + direction);
  }

  @Test
  void aNamedWindowKeepsTheExclusionOfItsUse() {
    assertEquals(
        "[1,2|2,1|3,null|null,3]",
        run(
            "SELECT i, sum(i) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
                + " EXCLUDE CURRENT ROW) FROM t WINDOW w AS (PARTITION BY g ORDER BY i)"
                + " ORDER BY i"));
  }

  @Test
  void functionsOfWholePartitionsIgnoreFrames() {
    assertEquals(
        "[1,2|2,3|3,null]",
        run(
            "SELECT i, lead(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"
                + " FROM t WHERE i > 0 ORDER BY i"));
  }

  @Test
  void intervalsAreBoundsOfFrames() {
    String frame =
        "SELECT i, sum(i) OVER (ORDER BY DATE '2020-01-01' + i * INTERVAL 1 DAY RANGE BETWEEN %s"
            + " PRECEDING AND CURRENT ROW) FROM t WHERE i > 0 ORDER BY i";
    for (String bound : new String[] {"INTERVAL 1 DAY", "INTERVAL '1' DAY", "'1 day'::interval"}) {
      assertEquals("[1,1|2,3|3,5]", run(String.format(frame, bound)), bound);
    }
  }

  @Test
  void sumsInLimit() {
    assertEquals("[2|3]", run("SELECT i FROM t ORDER BY i LIMIT 3 - 1 OFFSET (1)"));
    assertEquals("[1]", run("SELECT i FROM t ORDER BY i LIMIT (2 + 3) * 2 - 9::BIGINT"));
    assertEquals("[2]", run("SELECT count(*) FROM (SELECT i FROM t LIMIT 1 + 1)"));
  }

  @Test
  void excludeOfOneName() {
    assertEquals("[1|2]", run("SELECT * EXCLUDE g FROM t WHERE i < 3 ORDER BY i"));
    assertEquals("[1|2]", run("SELECT t.* EXCLUDE \"g\" FROM t WHERE i < 3 ORDER BY i"));
  }

  @Test
  void typeOf() {
    assertEquals(
        "[INTEGER,VARCHAR,DECIMAL(2,1),\"NULL\",DATE]",
        run(
            "SELECT typeof(i), typeof('x'), typeof(1.5), typeof(NULL), typeof(DATE '2020-01-01')"
                + " FROM t LIMIT 1"));
  }

  @Test
  void listContains() {
    assertEquals(
        "[true,false,true,null]",
        run(
            "SELECT list_contains([1, 2], 2), list_has([1, 2], 3), array_contains(['a'], 'a'),"
                + " list_contains(NULL::INT[], 1)"));
  }
}
