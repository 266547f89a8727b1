package dev.penstock.sql.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.compiler.Engine;
import dev.penstock.sql.SqlSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ALTER TABLE: what the table is afterwards, and that an error leaves it as it was. */
final class AlterTableTest {
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
  void columnsAreAdded() {
    assertEquals("changed table t", rows("ALTER TABLE t ADD COLUMN c INTEGER DEFAULT 3 + 4"));
    rows("ALTER TABLE t ADD d DATE; INSERT INTO t (a) VALUES (3)");
    assertEquals("1 p 7 null\n2 null 7 null\n3 x 7 null", rows("SELECT * FROM t ORDER BY a"));
    assertEquals(
        "nothing was changed in table t", rows("ALTER TABLE t ADD COLUMN IF NOT EXISTS C INTEGER"));
    assertEquals(
        "line 1, column 26: there is a column C in t already",
        fails("ALTER TABLE t ADD COLUMN C INTEGER"));
    assertEquals(
        "table t: column e expects a value in every row, got null in row 1 of the new rows",
        fails("ALTER TABLE t ADD e INTEGER NOT NULL"));
    assertEquals(3, rows("SELECT * FROM t").lines().count());
  }

  @Test
  void columnsAreDropped() {
    rows("ALTER TABLE t DROP COLUMN b");
    assertEquals("1\n2", rows("SELECT * FROM t ORDER BY a"));
    assertEquals(
        "nothing was changed in table t", rows("ALTER TABLE t DROP COLUMN IF EXISTS b CASCADE"));
    assertEquals(
        "line 1, column 20: no column 'b' in t; did you mean a?", fails("ALTER TABLE t DROP b"));
    assertEquals(
        "line 1, column 20: it is the last column of t; drop the table",
        fails("ALTER TABLE t DROP a"));
  }

  @Test
  void columnsAreRenamedWithTheirDefaultsAndKeys() {
    rows("ALTER TABLE t RENAME COLUMN b TO text; ALTER TABLE t RENAME a TO id");
    rows("INSERT INTO t (id) VALUES (3); INSERT OR REPLACE INTO t VALUES (1, 'new')");
    assertEquals("1 new\n2 null\n3 x", rows("SELECT id, text FROM t ORDER BY id"));
    assertEquals(
        "line 1, column 29: there is a column id in t already",
        fails("ALTER TABLE t RENAME COLUMN text TO id"));
  }

  @Test
  void tablesAreRenamedWithTheirDefaultsAndKeys() {
    assertEquals("table t is now u", rows("ALTER TABLE t RENAME TO u"));
    rows("INSERT INTO u (a) VALUES (3); INSERT OR REPLACE INTO u VALUES (1, 'new')");
    assertEquals("1 new\n2 null\n3 x", rows("SELECT * FROM u ORDER BY a"));
    assertEquals("line 1, column 15: no table 't'; did you mean u?", fails("SELECT * FROM t"));
    rows("CREATE TABLE v (i INTEGER)");
    assertEquals(
        "line 1, column 13: there is a table or view v", fails("ALTER TABLE u RENAME TO v"));
  }

  @Test
  void typesDefaultsAndNulls() {
    rows("ALTER TABLE t ALTER COLUMN a SET DATA TYPE VARCHAR USING a || '!'");
    rows("ALTER TABLE t ALTER b SET DEFAULT 'y'; INSERT INTO t (a) VALUES ('3')");
    rows("ALTER TABLE t ALTER b DROP DEFAULT; INSERT INTO t (a) VALUES ('4')");
    assertEquals("1! p\n2! null\n3 y\n4 null", rows("SELECT * FROM t ORDER BY a"));
    assertEquals(
        "table t: column b expects a value in every row, got null in row 2 of the new rows",
        fails("ALTER TABLE t ALTER b SET NOT NULL"));
    rows("DELETE FROM t WHERE b IS NULL; ALTER TABLE t ALTER b SET NOT NULL");
    assertEquals(
        "table t: column b expects a value in every row, got null in row 1 of the new rows",
        fails("INSERT INTO t VALUES ('5', NULL)"));
    rows("ALTER TABLE t ALTER b DROP NOT NULL; INSERT INTO t VALUES ('5', NULL)");
    assertEquals("3", rows("SELECT count(*) FROM t"));
  }

  @Test
  void whatIsWrongIsTold() {
    assertEquals("line 1, column 13: no table 'zz'", fails("ALTER TABLE zz ADD c INTEGER"));
    assertEquals(
        "no table zz: nothing was changed", rows("ALTER TABLE IF EXISTS zz ADD c INTEGER"));
    assertEquals(
        "line 1, column 15: expected ADD, DROP, RENAME or ALTER, got 'FROB'",
        fails("ALTER TABLE t FROB"));
    assertEquals(
        "line 1, column 23: expected TYPE, SET DEFAULT, DROP DEFAULT, SET NOT NULL or DROP NOT"
            + " NULL, got 'FROB'",
        fails("ALTER TABLE t ALTER b FROB"));
    assertEquals(
        "line 1, column 7: SEQUENCE is not supported: there are no sequences; row_number() OVER ()"
            + " counts rows",
        fails("ALTER SEQUENCE s"));
  }
}
