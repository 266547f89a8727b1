package dev.penstock.sql.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.compiler.Engine;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.SqlSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Indexes by name, keys for INSERT OR REPLACE and OR IGNORE, and what is not supported. */
final class KeysTest {
  private Engine engine;
  private SqlSession sql;

  @BeforeEach
  void open() {
    engine = Engine.create();
    sql = new SqlSession(engine);
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
  void indexesHaveNamesOnly() {
    rows("CREATE TABLE t (a INTEGER, b VARCHAR)");
    String note = "there are no indexes: scans pass over what their filters exclude";
    assertEquals(note, rows("CREATE INDEX i ON t (a DESC, b COLLATE nocase ASC)"));
    assertEquals(note, rows("CREATE INDEX j ON t USING art (a + 1) WHERE a > 3"));
    assertEquals(
        "line 1, column 14: there is an index I; drop it first", fails("CREATE INDEX I ON t (a)"));
    assertEquals("index i exists", rows("CREATE INDEX IF NOT EXISTS i ON t (a)"));
    assertEquals(
        "line 1, column 19: no table 'u'; did you mean t?", fails("CREATE INDEX k ON u (a)"));
    assertEquals(
        "line 1, column 22: no column 'c' in t; did you mean a?", fails("CREATE INDEX k ON t (c)"));
    assertEquals("there are no indexes: nothing to do", rows("REINDEX i"));
    assertEquals("there are no indexes: nothing to do", rows("REINDEX t; REINDEX"));
    assertEquals("line 1, column 9: no index 'k'", fails("REINDEX k"));
    assertEquals("there are no indexes: nothing was dropped", rows("DROP INDEX i"));
    assertEquals("line 1, column 12: no index 'i'", fails("DROP INDEX i"));
    assertEquals("there are no indexes: nothing was dropped", rows("DROP INDEX IF EXISTS i"));
    rows("DROP TABLE t");
    assertEquals("line 1, column 12: no index 'j'", fails("DROP INDEX j"));
  }

  @Test
  void replacedRowsGoByEachKey() {
    rows("CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR UNIQUE, c VARCHAR)");
    rows(
        "INSERT INTO t VALUES (1, 'x', 'old'), (2, 'y', 'old'), (3, 'z', 'old'), (4, NULL, 'old')");
    assertEquals("1", rows("REPLACE INTO t VALUES (1, 'y', 'new')"));
    assertEquals("1 y new\n3 z old\n4 null old", rows("SELECT * FROM t ORDER BY a"));
    assertEquals("3", rows("INSERT OR REPLACE INTO t (a, b) VALUES (7, 'm'), (8, 'n'), (7, NULL)"));
    assertEquals(
        "1 y new\n3 z old\n4 null old\n7 null null\n8 n null", rows("SELECT * FROM t ORDER BY a"));
  }

  @Test
  void ignoredRowsAreLeftOut() {
    rows("CREATE TABLE t (a INTEGER, b INTEGER, c VARCHAR, PRIMARY KEY (a, b))");
    rows("INSERT INTO t VALUES (1, 1, 'old')");
    assertEquals(
        "1", rows("INSERT OR IGNORE INTO t VALUES (1, 1, 'new'), (1, 2, 'first'), (1, 2, 'last')"));
    assertEquals("0", rows("INSERT INTO t VALUES (1, 2, 'x') ON CONFLICT (a, b) DO NOTHING"));
    assertEquals("1 1 old\n1 2 first", rows("SELECT * FROM t ORDER BY a, b"));
    rows("CREATE UNIQUE INDEX i ON t (c)");
    assertEquals("0", rows("INSERT INTO t VALUES (9, 9, 'old') ON CONFLICT DO NOTHING"));
    assertEquals(
        "line 1, column 23: t has several keys: rows that may be left out go in one by one",
        fails("INSERT OR IGNORE INTO t VALUES (5, 5, 'a'), (6, 6, 'b')"));
    assertEquals("2", rows("SELECT count(*) FROM t"));
  }

  @Test
  void nobodyChecksKeysOtherwise() {
    rows(
        "CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)");
    assertEquals("2", rows("INSERT OR ABORT INTO t VALUES (1); SELECT count(*) - 1 FROM t"));
    assertEquals(
        "line 1, column 11: expected REPLACE, IGNORE, ABORT, FAIL or ROLLBACK, got 'FROB'",
        fails("INSERT OR FROB INTO t VALUES (1)"));
    assertEquals(
        "line 1, column 19: UPDATE OR REPLACE of a table with keys is not supported",
        fails("UPDATE OR REPLACE t SET a = 2"));
    rows("CREATE TABLE u (a INTEGER, b INTEGER); INSERT INTO u VALUES (1, 2)");
    assertEquals("1", rows("UPDATE OR IGNORE u SET (a, b) = (b, a + 10)"));
    assertEquals("2 11", rows("SELECT * FROM u"));
  }

  @Test
  void whatOthersHaveIsToldAsUnsupported() {
    for (String statement :
        new String[] {
          "CREATE TRIGGER r AFTER INSERT ON t",
          "DROP SEQUENCE q",
          "ATTACH 'a.db'",
          "MERGE INTO t",
          "PIVOT t ON a"
        }) {
      PenstockException e = ScriptRows.error(sql, statement);
      assertEquals(PenstockException.Category.UNSUPPORTED, e.category(), statement);
    }
    assertEquals(
        "line 1, column 8: TRIGGER is not supported: there are no triggers",
        fails("CREATE TRIGGER r AFTER INSERT ON t"));
    assertEquals(
        "line 1, column 1: PIVOT is not supported: write sum(x) FILTER (WHERE ...) of each column",
        fails("PIVOT t ON a"));
  }
}
