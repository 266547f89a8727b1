package dev.penstock.sql.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Result;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RETURNING: which rows come back, that errors change nothing, that nothing is kept. */
final class ReturningTest {
  private Engine engine;
  private SqlSession sql;

  @BeforeEach
  void open() {
    engine = Engine.create();
    sql = new SqlSession(engine);
    rows("CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR DEFAULT 'x')");
    rows("INSERT INTO t VALUES (1, 'p'), (2, NULL)");
  }

  @AfterEach
  void close() {
    engine.catalog().names().forEach(engine::dropTable);
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  private String rows(String script) {
    return ScriptRows.rows(sql, script);
  }

  private String fails(String script) {
    return String.valueOf(ScriptRows.error(sql, script).getMessage());
  }

  @Test
  void drawnValuesAreThoseOfTheTable() {
    String id = rows("INSERT INTO t SELECT 7, CAST(uuid() AS VARCHAR) RETURNING b");
    assertEquals(id, rows("SELECT b FROM t WHERE a = 7"));
    String next = rows("UPDATE t SET b = CAST(uuid() AS VARCHAR) WHERE a = 7 RETURNING b");
    assertEquals(next, rows("SELECT b FROM t WHERE a = 7"));
  }

  @Test
  void rowsAreThoseOfTheStatementThoughTheTableChanges() {
    Statement delete = SqlSession.statements("DELETE FROM t RETURNING a", "").get(0);
    try (Result gone = sql.execute(delete)) {
      rows("INSERT INTO t VALUES (5, 'later')");
      assertEquals(2, gone.rows().size());
    }
    assertEquals("5 later", rows("SELECT * FROM t"));
  }

  @Test
  void resultsThatNobodyReadsKeepNothing() {
    Statement update = SqlSession.statements("UPDATE t SET a = a + 1 RETURNING *", "").get(0);
    sql.execute(update).close();
    assertEquals("2\n3", rows("SELECT a FROM t ORDER BY a"));
    assertEquals("t", rows("SHOW TABLES"));
  }

  @Test
  void errorsChangeNothing() {
    assertEquals(
        "line 1, column 40: no column 'c' in t; did you mean a?",
        fails("INSERT INTO t(a) VALUES (3)  RETURNING c"));
    assertEquals(
        "line 1, column 25: no column 'c' in t; did you mean a?",
        fails("DELETE FROM t RETURNING c"));
    assertEquals(
        "line 1, column 29: expected what is returned, got the end of the statement",
        fails("UPDATE t SET a = 5 RETURNING"));
    assertEquals(
        "line 1, column 44: RETURNING of INSERT OR REPLACE is not supported",
        fails("INSERT OR REPLACE INTO t VALUES (1, 'new') RETURNING a"));
    assertEquals("1 p\n2 null", rows("SELECT * FROM t ORDER BY a"));
  }
}
