package dev.penstock.sql.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.penstock.compiler.Engine;
import dev.penstock.sql.SqlSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a catalog says of itself, and what has no equal in DuckDB: samples by seed, limits by row.
 */
final class CatalogQueriesTest {
  private Engine engine;
  private SqlSession sql;

  @BeforeEach
  void open() {
    engine = Engine.create();
    sql = new SqlSession(engine);
    rows(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR DEFAULT 'q' || 1, d DECIMAL(10,2));"
            + "INSERT INTO t VALUES (1, 'a', 5), (2, 'b', 1), (3, 'c', 2);"
            + "CREATE VIEW v AS SELECT id + 1 AS n FROM t; CREATE SCHEMA s;"
            + "CREATE TABLE s.x (b BLOB)");
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
  void tablesAndColumnsAreTables() {
    assertEquals(
        "main t BASE TABLE YES\nmain v VIEW NO\ns x BASE TABLE YES",
        rows(
            "SELECT table_schema, table_name, table_type, is_insertable_into"
                + " FROM information_schema.tables ORDER BY ALL"));
    assertEquals(
        "t id 1 null INTEGER 32 0\nt name 2 'q' || 1 VARCHAR null null\n"
            + "t d 3 null DECIMAL(10,2) 10 2\nv n 1 null BIGINT 64 0\nx b 1 null BLOB null null",
        rows(
            "SELECT table_name, column_name, ordinal_position, column_default, data_type,"
                + " numeric_precision, numeric_scale"
                + " FROM INFORMATION_SCHEMA.COLUMNS ORDER BY table_name, ordinal_position"));
    assertEquals(
        "information_schema\nmain\ns",
        rows("SELECT schema_name FROM information_schema.schemata ORDER BY 1"));
    assertEquals(
        "0",
        rows(
            "DROP TABLE t; DROP VIEW v; DROP TABLE s.x;"
                + " SELECT count(*) FROM information_schema.columns"));
  }

  @Test
  void columnsOfOneTable() {
    String t =
        "0 id INTEGER true null true\n1 name VARCHAR false 'q' || 1 false\n"
            + "2 d DECIMAL(10,2) false null false";
    assertEquals(t, rows("PRAGMA table_info('t')"));
    assertEquals(t, rows("PRAGMA table_info(T)"));
    assertEquals("0 b BLOB false null false", rows("PRAGMA table_info('s.x')"));
    assertEquals("n", rows("SELECT name FROM pragma_table_info('v')"));
    assertEquals("s.x\nt\nv", rows("PRAGMA show_tables"));
    assertEquals(
        "main t [\"id\",\"name\",\"d\"] [\"INTEGER\",\"VARCHAR\",\"DECIMAL(10,2)\"]",
        rows("SHOW ALL TABLES").lines().findFirst().orElse("").replaceAll("^memory | false$", ""));
    assertEquals("pragma_table_info: there is no table 'u'", fails("PRAGMA table_info('u')"));
  }

  @Test
  void samplesOfOneSeedAreTheSame() {
    String sample = "SELECT string_agg(x, ' ' ORDER BY x) FROM range(200) r(x) TABLESAMPLE ";
    for (String size : new String[] {"10%", "BERNOULLI (10 PERCENT)", "RESERVOIR (9 ROWS)"}) {
      String one = rows(sample + size + " REPEATABLE (7)");
      assertEquals(one, rows(sample + size + " REPEATABLE (7)"));
      assertNotEquals(one, rows(sample + size + " REPEATABLE (8)"));
      assertNotEquals(rows(sample + size), rows(sample + size));
    }
    assertEquals(
        "a sample is of at most 100 percent, got 101", fails("SELECT * FROM t TABLESAMPLE 101%"));
    assertEquals(
        "BERNOULLI takes percents; RESERVOIR takes a number of rows",
        fails("SELECT * FROM t TABLESAMPLE BERNOULLI (3 ROWS)"));
    assertEquals(
        "USING SAMPLE takes a FROM of one table; write TABLESAMPLE behind a table of a join",
        fails("SELECT * FROM t, v USING SAMPLE 3 ROWS"));
    assertEquals(
        "TABLESAMPLE expects a number of rows or percents, got 'many'",
        fails("SELECT * FROM t TABLESAMPLE many"));
  }

  @Test
  void limitsMayDependOnTheRowAround() {
    assertEquals(
        "1 1\n2 1,2\n3 1,2,3",
        rows(
            "SELECT a.id, (SELECT string_agg(id, ',' ORDER BY id) FROM"
                + " (SELECT id FROM t ORDER BY id LIMIT a.id)) FROM t a ORDER BY 1"));
    assertEquals(
        "1 b\n2 c\n3 a",
        rows(
            "SELECT a.id, q.name FROM t a, LATERAL"
                + " (SELECT name FROM t WHERE d >= 0 ORDER BY d LIMIT 1 OFFSET a.id - 1) q"
                + " ORDER BY 1"));
  }
}
