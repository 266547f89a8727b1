package dev.penstock.sql.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Priority;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SET, RESET and SHOW of what bounds the statements of a session. */
final class SettingsTest {
  private static final String ENDLESS = "SELECT count(*) FROM range(1000000000000) AS r (x)";
  private static Engine engine;
  private final SqlSession sql = new SqlSession(engine);

  @BeforeAll
  static void open() {
    engine = Engine.create(EngineOptions.defaults().withWorkers(2));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private String rows(String script) {
    String out = "";
    for (Statement s : SqlSession.statements(script, "")) {
      try (Result result = sql.execute(s)) {
        out =
            result.rows().stream()
                .map(r -> Arrays.stream(r).map(String::valueOf).collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
      }
    }
    return out;
  }

  private String fails(String script) {
    return String.valueOf(assertThrows(PenstockException.class, () -> rows(script)).getMessage());
  }

  @Test
  void aStatementTimesOut() {
    assertEquals("statement_timeout = 50ms", rows("SET statement_timeout = '50ms'"));
    assertEquals(
        "the query was stopped at its deadline, after 0.05s; give it a longer timeout",
        fails(ENDLESS));
    assertEquals("statement_timeout = 0", rows("RESET statement_timeout"));
    assertNull(sql.options().timeout());
  }

  @Test
  void memoryAndPriorityAreThoseOfTheStatementsToCome() {
    rows("SET memory_limit = '1MiB'; SET priority TO high; SELECT 1");
    QueryOptions used = sql.options();
    assertEquals(1 << 20, used.memoryBytes());
    assertEquals(Priority.HIGH, used.priority());
    assertEquals(
        "line 1, column 5: memory_limit is a size such as '64MB', '2GB' or '512KiB', got '12'",
        fails("SET memory_limit = 12"));
    assertEquals(
        "line 1, column 5: priority is low, normal or high, got 'urgent'",
        fails("SET priority = urgent"));
  }

  @Test
  void resetGivesBackWhatTheProgramSet() {
    sql.setOptions(QueryOptions.defaults().withOwner("ann").withTimeout(Duration.ofMinutes(90)));
    rows("SET statement_timeout = 250; SET queue_timeout = '1.5 s'; SET idle_timeout = '2d'");
    assertEquals("250ms", rows("SHOW statement_timeout"));
    assertEquals("1500ms", rows("SHOW queue_timeout"));
    assertEquals("48h", rows("show IDLE_TIMEOUT"));
    rows("SET statement_timeout = 0; RESET ALL");
    assertEquals("90min", rows("SHOW statement_timeout"));
    assertEquals("ann", sql.options().owner());
  }

  @Test
  void allAreShown() {
    rows("SET memory_limit = '1500KB'");
    assertEquals(
        """
        default_null_order nulls_last where nulls stand when ORDER BY does not say
        idle_timeout 0 so long a result may lie unread between two calls of its reader
        integer_division false whole numbers divide to whole numbers, and by zero to null
        memory_limit 1500KB so much a statement may hold; the rest is spilled
        priority normal low, normal or high: how often a statement gets its turn
        queue_timeout 0 so long a statement may wait for memory
        set_operations_left_to_right false UNION, EXCEPT and INTERSECT bind alike, from left to right
        statement_timeout 0 so long a statement may take until its last row is read"""
            .strip(),
        rows("SHOW ALL"));
    assertEquals("none", rows("RESET memory_limit; SHOW memory_limit"));
  }

  @Test
  void wrongNamesAndValuesAreTold() {
    assertEquals(
        "line 1, column 5: statement_timeout is a time such as '500ms', '5s', '1.5min', '2h' or 0"
            + " (none; without a unit: milliseconds), got '5 apples'",
        fails("SET statement_timeout = '5 apples'"));
    String there =
        " (there is default_null_order, idle_timeout, integer_division, memory_limit, priority,"
            + " queue_timeout, set_operations_left_to_right, statement_timeout)";
    assertEquals(
        "line 1, column 7: no setting 'statment_timeout'; did you mean statement_timeout?" + there,
        fails("RESET statment_timeout"));
    assertEquals(
        "line 1, column 6: no setting 'statment_timeout'; did you mean statement_timeout?" + there,
        fails("SHOW statment_timeout"));
    assertEquals("line 1, column 6: no table 'nothing'", fails("SHOW nothing"));
    // a table is shown all the same
    assertEquals("a BIGINT YES", rows("CREATE TABLE prioritys AS SELECT 1 AS a; SHOW prioritys"));
  }
}
