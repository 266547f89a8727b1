package dev.penstock.sql.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each statement, and what it says when it is wrong. */
@Tag("least")
final class StatementsTest {
  @TempDir Path folder;
  private Engine engine;
  private SqlSession sql;

  @BeforeEach
  void open() throws Exception {
    Files.writeString(
        folder.resolve("people.csv"), "id;name;born\n1;Ann;1990-01-02\n2;Bo;\n3;Cy;2001-05-06\n");
    engine = Engine.create(EngineOptions.defaults().withWorkers(2).withBaseDirectory(folder, true));
    sql = new SqlSession(engine);
  }

  @AfterEach
  void close() {
    engine.catalog().names().forEach(engine::dropTable);
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
  }

  /** The rows of the last statement of a script, a line each. */
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

  private String fails(String statement, @Nullable Object... parameters) {
    return String.valueOf(
        assertThrows(PenstockException.class, () -> sql.execute(statement, parameters).close())
            .getMessage());
  }

  private void memoryTable() {
    rows(
        "CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR DEFAULT 'nobody', d DECIMAL(10, 2),"
            + " PRIMARY KEY (id)); INSERT INTO t VALUES (1, 'Ann', 1.5), (2, NULL, 2)");
  }

  private static final String ALL = "; SELECT * FROM t ORDER BY id";

  @Test
  void queriesComeInManyForms() {
    assertEquals("1", rows("SELECT 1"));
    assertEquals("1 x\n2 y", rows("VALUES (1, 'x'), (2, 'y')"));
    assertEquals("2", rows("(SELECT 2 AS b)"));
    assertEquals("3", rows("WITH a AS (SELECT 3 AS b) SELECT b FROM a"));
    String people = "1 Ann 1990-01-02\n2 Bo null\n3 Cy 2001-05-06";
    assertEquals(people, rows("FROM 'people.csv'"));
    assertEquals(people, rows("TABLE \"people.csv\""));
  }

  @Test
  void parametersFillQuestionMarks() {
    memoryTable();
    try (Result r = sql.execute("UPDATE t SET d = ? WHERE id = ?", 9, 2)) {
      assertEquals(1L, r.rows().get(0)[0]);
    }
    try (Result r = sql.execute("INSERT INTO t (id, name) VALUES (?, ?)", 3, "O'Neil")) {
      assertEquals(1L, r.rows().get(0)[0]);
    }
    assertEquals("1 Ann 1.50\n2 null 9.00\n3 O'Neil null", rows(ALL.substring(2)));
    assertEquals("the statement has 1 parameter, got 2 values", fails("SELECT ?", 1, 2));
    assertEquals("the statement has 0 parameters, got 1 value", fails("SELECT '?'", 1));
  }

  @Test
  void tablesInMemoryAreMadeAndFilled() {
    memoryTable();
    assertEquals("1", rows("INSERT INTO t (d, id) SELECT 7, 3"));
    assertEquals("1 Ann 1.50\n2 null 2.00\n3 nobody 7.00", rows(ALL));
    assertEquals(
        "table t: column id expects a value in every row, got null in row 1 of the new rows",
        fails("INSERT INTO t DEFAULT VALUES"));
    assertEquals(
        "1 b",
        rows(
            "CREATE TABLE u (a INT DEFAULT 1, b TEXT DEFAULT 'b');"
                + "INSERT INTO u DEFAULT VALUES; FROM u"));
    assertEquals(
        "line 1, column 20: no column 'nme' in t; did you mean name?",
        fails("INSERT INTO t (id, nme) VALUES (1, 'x')"));
    assertEquals(
        "line 1, column 20: column id is there twice",
        fails("INSERT INTO t (id, id) VALUES (1, 2)"));
    assertEquals(
        "line 1, column 13: table t takes 3 columns here, got 1",
        fails("INSERT INTO t VALUES (1)"));
    assertEquals(
        "line 2, column 1: no table 'tt'; did you mean t?", fails("INSERT INTO\ntt VALUES (1)"));
    assertEquals(
        "line 1, column 42: 't.name' is neither in GROUP BY nor inside an aggregate",
        fails(
            "SELECT id + 1, (SELECT max(u.id + length(t.name)) FROM t AS u) FROM t GROUP BY id + 1"));
    assertEquals(
        "line 1, column 14: expected a query, got the end of the statement",
        fails("INSERT INTO t "));
  }

  @Test
  void aTableIsMadeOfAQuery() {
    assertEquals("3", rows("CREATE TABLE c AS FROM 'people.csv'"));
    assertEquals("table c exists", rows("CREATE TABLE IF NOT EXISTS C AS SELECT 1"));
    assertEquals(
        "line 1, column 14: there is a table c; drop it first", fails("CREATE TABLE C (a INT)"));
    assertEquals(
        "x VARCHAR YES", rows("CREATE OR REPLACE TABLE c (x) AS SELECT name FROM c; DESCRIBE c"));
    assertEquals("0", rows("CREATE TEMP TABLE d AS FROM c WITH NO DATA; SELECT count(*) FROM d"));
    assertEquals(
        "line 1, column 14: table e names 2 columns, its query has 1",
        fails("CREATE TABLE e (x, y) AS SELECT 1"));
    assertEquals("Ann\nBo\nCy", rows("SELECT x FROM main.c ORDER BY x"));
    assertEquals(
        "line 1, column 19: unknown type FOO; known ones are INTEGER, BIGINT, DOUBLE, DECIMAL(p, s),"
            + " VARCHAR, DATE, TIMESTAMP ...",
        fails("CREATE TABLE z (a FOO)"));
    assertEquals(
        "line 1, column 23: expected NOT NULL, DEFAULT, PRIMARY KEY, UNIQUE or REFERENCES, got"
            + " 'CHECK'",
        fails("CREATE TABLE z (a INT CHECK (a > 1))"));
    assertEquals(
        "line 1, column 24: column A is there twice", fails("CREATE TABLE z (a INT, A INT)"));
    assertEquals(
        "a INTEGER NO\nb VARCHAR YES\nc TIMESTAMP WITH TIME ZONE NO",
        rows(
            "CREATE TABLE z (a INT PRIMARY KEY REFERENCES c (x) ON DELETE SET NULL, b VARCHAR(20)"
                + " UNIQUE, c TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT k UNIQUE (b), FOREIGN"
                + " KEY (b) REFERENCES c); DESCRIBE z"));
  }

  @Test
  void aTableThatIsNoMoreFreesItsMemory() {
    memoryTable();
    assertTrue(engine.budget().usedBytes() > 0);
    assertEquals("dropped table t", rows("DROP TABLE T"));
    assertEquals(0, engine.budget().usedBytes());
    assertEquals("line 1, column 12: no table 't'", fails("DROP TABLE t"));
    assertEquals("no table t: nothing was dropped", rows("DROP TABLE IF EXISTS t CASCADE"));
    assertEquals("line 1, column 13: schema main is there always", fails("DROP SCHEMA main"));
  }

  @Test
  void schemasAndMacrosAreToldWhenTheyAreThereTwiceOrNotAtAll() {
    assertEquals("created schema s", rows("CREATE SCHEMA s"));
    assertEquals("line 1, column 15: there is a schema S", fails("CREATE SCHEMA S"));
    assertEquals("schema s exists", rows("CREATE SCHEMA IF NOT EXISTS s"));
    rows("CREATE TABLE s.t (a INTEGER)");
    assertEquals(
        "line 1, column 13: schema s has s.t; write DROP SCHEMA ... CASCADE",
        fails("DROP SCHEMA s"));
    assertEquals("dropped schema s", rows("DROP SCHEMA s CASCADE"));
    assertEquals("line 1, column 13: no schema 's'", fails("DROP SCHEMA s"));
    assertEquals("no schema s: nothing was dropped", rows("DROP SCHEMA IF EXISTS s"));
    assertEquals("created macro f", rows("CREATE MACRO f(a, b := 2) AS a * b, () AS 7"));
    assertEquals("6 15 7", rows("SELECT f(3), f(3, b := 5), f()"));
    assertEquals(
        "line 1, column 14: there is a macro f; drop it first", fails("CREATE MACRO f(x) AS x"));
    assertEquals("the macro f takes (a, b) or (), got 3 arguments", fails("SELECT f(1, 2, 3)"));
    rows("CREATE MACRO again(x) AS again(x + 1)");
    assertEquals("the macro again holds itself", fails("SELECT again(1)"));
    assertEquals("dropped macro f", rows("DROP MACRO f"));
    assertEquals("line 1, column 12: no macro 'f'", fails("DROP MACRO f"));
  }

  @Test
  void setOperationsMayGoFromLeftToRight() {
    String query = "SELECT 1 UNION SELECT 2 INTERSECT SELECT 2";
    assertEquals("1\n2", rows(query + " ORDER BY 1"));
    rows("SET set_operations_left_to_right = true");
    assertEquals("2", rows(query));
    assertEquals(
        "5", rows("WITH w AS (SELECT 5 EXCEPT SELECT 6 INTERSECT SELECT 5) SELECT * FROM w"));
  }

  @Test
  void updateComputesOnlyTheRowsThatItFinds() {
    memoryTable();
    assertEquals("1", rows("UPDATE t SET d = d / (id - 2), name = upper(name) WHERE id <> 2"));
    assertEquals("1 ANN -1.50\n2 null 2.00", rows(ALL));
    // before the next one: with less memory its join may turn the rows round
    assertEquals(
        "table t: column id expects a value in every row, got null in row 2 of the new rows",
        fails("UPDATE t SET id = NULL WHERE id = 2"));
    assertEquals("1 ANN -1.50\n2 null 2.00", rows(ALL));
    assertEquals("1", rows("UPDATE t AS x SET NAME = DEFAULT WHERE x.id IN (SELECT 2)"));
    assertEquals("2", rows("UPDATE t SET d = d + 1"));
    assertEquals("1 ANN -0.50\n2 nobody 3.00", rows(ALL));
    String before = rows(ALL);
    assertTrue(fails("UPDATE t SET d = 1 / (id - 2)").contains("division by zero"));
    assertEquals(before, rows(ALL));
    assertEquals("id INTEGER NO", rows("DESCRIBE t").lines().findFirst().orElseThrow());
    assertEquals(
        "line 1, column 14: no column 'w' in t; did you mean d?", fails("UPDATE t SET w = 1"));
    assertEquals("line 1, column 21: column D is there twice", fails("UPDATE t SET d = 1, D = 2"));
    assertEquals(
        "line 1, column 17: expected an expression, got the end of the statement",
        fails("UPDATE t SET d ="));
    assertEquals(
        "line 1, column 20: expected WHERE, got 'FROM'", fails("UPDATE t SET d = 1 FROM u"));
  }

  @Test
  void deleteKeepsWhatTheConditionDoesNotFind() {
    memoryTable();
    rows("INSERT INTO t VALUES (3, 'Cy', NULL), (4, 'Di', 4)");
    assertEquals("1", rows("DELETE FROM t WHERE d > 2 AND d < 9"));
    assertEquals("1", rows("DELETE FROM t x WHERE x.id = (SELECT max(id) FROM t)"));
    assertEquals("1 Ann 1.50\n2 null 2.00", rows(ALL));
    assertEquals("0", rows("DELETE FROM t WHERE name = 'Bo'"));
    assertEquals("2", rows("DELETE FROM t"));
    assertEquals("0", rows("TRUNCATE TABLE t"));
    assertEquals("1", rows("INSERT INTO t (id) VALUES (7)"));
    assertEquals("7 nobody null", rows(ALL));
    assertEquals(
        "line 1, column 20: expected a condition, got the end of the statement",
        fails("DELETE FROM t WHERE"));
  }

  @Test
  void filesAreAddedToAndNotChanged() throws Exception {
    assertEquals("1", rows("INSERT INTO 'people.csv' (name, id) VALUES ('Di', 4)"));
    assertEquals(
        "id;name;born\n1;Ann;1990-01-02\n2;Bo;\n3;Cy;2001-05-06\n4;Di;\n",
        Files.readString(folder.resolve("people.csv")));
    engine
        .catalog()
        .add("people", new dev.penstock.sql.FileTable(engine, "people.csv", java.util.Map.of()));
    assertEquals("1", rows("INSERT INTO people VALUES (5, 'E', DATE '2000-01-01')"));
    assertEquals("5", rows("SELECT count(*) FROM people"));
    assertEquals(
        "line 1, column 13: DELETE changes tables in memory, and people is none; make one with"
            + " CREATE TABLE ... AS SELECT * FROM 'people.csv'",
        fails("DELETE FROM people"));
    assertEquals(
        "line 1, column 8: UPDATE changes tables in memory, and people is none; make one with"
            + " CREATE TABLE ... AS SELECT * FROM 'people.csv'",
        fails("UPDATE people SET id = 1"));
  }

  @Test
  void viewsStandForTheirQueries() {
    memoryTable();
    assertEquals("created view v", rows("CREATE VIEW v AS SELECT id, name FROM t -- all of it"));
    assertEquals("1 Ann\n2 null", rows("FROM V ORDER BY id"));
    assertEquals(
        "line 1, column 13: there is a view v; drop it first", fails("CREATE VIEW v AS SELECT 1"));
    assertEquals("view v exists", rows("CREATE VIEW IF NOT EXISTS v AS SELECT 1"));
    rows("CREATE OR REPLACE VIEW v (a, \"b c\") AS SELECT id, name FROM t");
    rows("CREATE VIEW w AS SELECT a FROM v");
    assertEquals("1\n2", rows("SELECT a FROM w ORDER BY a"));
    assertEquals("Ann", rows("SELECT v.\"b c\" FROM v JOIN w USING (a) WHERE v.a = 1"));
    assertEquals(
        "the view v cannot be made of itself",
        fails("CREATE OR REPLACE VIEW v AS SELECT a FROM w"));
    assertEquals(
        "the view v cannot be made of itself",
        fails("CREATE OR REPLACE VIEW v AS SELECT * FROM v"));
    assertEquals(
        "line 1, column 41: no column 'yy' in t",
        fails("CREATE VIEW x AS SELECT id FROM t WHERE yy = 1"));
    assertEquals(
        "line 1, column 13: view x names 2 columns, its query has 1",
        fails("CREATE VIEW x (a, b) AS SELECT 1"));
    assertEquals(
        "line 1, column 13: there is a table t; drop it first", fails("CREATE VIEW t AS SELECT 1"));
    assertEquals(
        "line 1, column 14: there is a view v; drop it first", fails("CREATE TABLE v AS SELECT 1"));
    assertEquals(
        "line 1, column 13: v is a view; rows go to tables", fails("INSERT INTO v VALUES (1)"));
    assertEquals("line 1, column 12: v is a view: write DROP VIEW v", fails("DROP TABLE v"));
    assertEquals("line 1, column 11: t is a table: write DROP TABLE t", fails("DROP VIEW t"));
    assertEquals("t\nv\nw", rows("SHOW TABLES"));
    assertEquals("dropped view v, w", rows("DROP VIEW v, w"));
    assertEquals(
        "memory main t [\"a\"] [\"INTEGER\"] false",
        rows("CREATE TABLE all_of_it (a INTEGER); SHOW ALL TABLES")
            .lines()
            .findFirst()
            .orElse("")
            .replace("all_of_it", "t"));
    rows("DROP TABLE all_of_it");
  }

  @Test
  void columnsAreDescribed() {
    memoryTable();
    String t = "id INTEGER NO\nname VARCHAR YES\nd DECIMAL(10,2) YES";
    assertEquals(t, rows("DESCRIBE t"));
    assertEquals(t, rows("DESC TABLE t"));
    assertEquals(t, rows("SHOW t"));
    assertEquals("id BIGINT YES\nname VARCHAR YES\nborn DATE YES", rows("DESCRIBE 'people.csv'"));
    assertEquals("n BIGINT NO", rows("DESCRIBE SELECT id + 1 AS n FROM t"));
    assertEquals(
        "line 1, column 9: expected a table or a query, got the end of the statement",
        fails("DESCRIBE"));
    assertEquals("line 1, column 10: no table 'tt'; did you mean t?", fails("DESCRIBE tt"));
  }

  @Test
  void summarizeIsOneRowForEachColumn() {
    List<String> lines = rows("SUMMARIZE 'people.csv'").lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.get(0).startsWith("id BIGINT 1 3 3 2.0 1.0 "), lines.get(0));
    assertTrue(lines.get(0).endsWith(" 3 0.00"), lines.get(0));
    assertEquals(
        "born DATE 1990-01-02 2001-05-06 2 null null null null null 3 33.33", lines.get(2));
    assertEquals(
        "a BIGINT null null 0 null null null null null 0 0.00",
        rows("SUMMARIZE SELECT 1 AS a WHERE FALSE"));
  }

  @Test
  void copyWritesAndReadsFiles() throws Exception {
    rows("CREATE TABLE c AS FROM 'people.csv'");
    assertEquals("3", rows("COPY c TO 'c.parquet' (FORMAT parquet, COMPRESSION zstd)"));
    assertEquals("3", rows("COPY c FROM 'c.parquet'"));
    assertEquals("6", rows("SELECT count(*) FROM c"));
    assertEquals(
        "2",
        rows(
            "COPY (SELECT name, id FROM 'people.csv' WHERE id < 3 ORDER BY id) TO 'x.txt'"
                + " WITH (FORMAT CSV, HEADER false, DELIMITER '|')"));
    assertEquals("Ann|1\nBo|2\n", Files.readString(folder.resolve("x.txt")));
    assertEquals("3", rows("COPY 'people.csv' (name) TO 'n.json'"));
    assertEquals(
        "{\"name\":\"Ann\"}\n{\"name\":\"Bo\"}\n{\"name\":\"Cy\"}\n",
        Files.readString(folder.resolve("n.json")));
    assertEquals(
        "line 1, column 11: ../c.csv: lies outside of the folder whose files may be written",
        fails("COPY c TO '../c.csv'"));
    assertEquals(
        "line 1, column 13: ../c.csv: lies outside of the folder whose files may be read",
        fails("COPY c FROM '../c.csv'"));
    assertEquals(
        "line 1, column 11: expected the name of a file in single quotes, got 'x'",
        fails("COPY c TO x"));
    assertEquals(
        "line 1, column 7: expected TO or FROM, got the end of the statement", fails("COPY c"));
  }

  @Test
  void copyReadsTextsAsTheColumnsSay() throws Exception {
    Files.writeString(folder.resolve("codes.csv"), "code\n007\n012\n");
    rows("CREATE TABLE k (n INT DEFAULT 5, code VARCHAR)");
    assertEquals("2", rows("COPY k (code) FROM 'codes.csv'"));
    assertEquals("5 007\n5 012", rows("FROM k"));
    assertEquals(
        "line 1, column 6: table k takes 2 columns here, got 1", fails("COPY k FROM 'codes.csv'"));
  }

  @Test
  void explainIsText() {
    memoryTable();
    String text = rows("EXPLAIN SELECT name FROM t WHERE id = 1");
    assertTrue(text.startsWith("Plan "), text);
    assertTrue(text.contains("\nRules:\n"), text);
    assertTrue(text.contains("\nGraph:\n  node 1: scan t "), text);
    String analyzed = rows("EXPLAIN ANALYZE SELECT count(*) FROM t");
    assertTrue(analyzed.startsWith("operator "), analyzed);
    assertTrue(analyzed.contains("\nwall "), analyzed);
    assertEquals("line 1, column 9: expected a query, got 'SELEC'", fails("EXPLAIN SELEC 1"));
    assertEquals(
        "line 2, column 24: no column 'x' in t; did you mean d?",
        fails("EXPLAIN\nSELECT id FROM t WHERE x = 1"));
  }

  @Test
  void settingsAreSetAndReset() {
    String nulls = "SELECT i FROM (VALUES (1), (NULL), (2)) t(i) ORDER BY i";
    assertEquals("1 2 null", rows(nulls).replace('\n', ' '));
    assertEquals(
        "null 1 2", rows("SET default_null_order = 'nulls_first'; " + nulls).replace('\n', ' '));
    assertEquals("null 2 1", rows(nulls + " DESC").replace('\n', ' '));
    assertEquals(
        "2 1 null",
        rows("PRAGMA default_null_order = sqlite; " + nulls + " DESC").replace('\n', ' '));
    assertEquals("1 2 null", rows("RESET default_null_order; " + nulls).replace('\n', ' '));
    assertEquals(
        "line 1, column 5: default_null_order is nulls_first, nulls_last,"
            + " nulls_first_on_asc_last_on_desc or nulls_last_on_asc_first_on_desc, got 'never'",
        fails("SET default_null_order = never"));
    assertEquals("3", rows("SET integer_division = true; SELECT 7 / 2"));
    assertEquals("3.5", rows("RESET integer_division; SELECT 7 / 2"));
    assertEquals("integer_division = true", rows("PRAGMA integer_division(on)"));
    assertEquals("integer_division = false", rows("SET SESSION integer_division TO DEFAULT"));
    assertEquals(
        "line 1, column 5: no setting 'integer_divison'; did you mean integer_division? (there is"
            + " default_null_order, idle_timeout, integer_division, memory_limit, priority,"
            + " queue_timeout, set_operations_left_to_right, statement_timeout)",
        fails("SET integer_divison = 1"));
    assertEquals(
        "line 1, column 5: integer_division is true or false, got '3'",
        fails("SET integer_division = 3"));
    assertEquals("line 1, column 22: expected = or TO, got '3'", fails("SET integer_division 3"));
  }

  @Test
  void whatThereIsNotIsSaid() {
    String none = "there are no transactions: each statement stands for itself";
    assertEquals(none, rows("BEGIN TRANSACTION"));
    assertEquals(none, rows("COMMIT"));
    assertEquals("line 1, column 1: " + none + ", and what was done stays done", fails("ROLLBACK"));
    assertEquals(
        "line 1, column 8: expected TABLE, VIEW or INDEX, got 'ROLE'", fails("CREATE ROLE me"));
    assertEquals(
        "line 1, column 1: expected a statement, got 'SELEC'; did you mean SELECT? (there are SELECT,"
            + " WITH, VALUES, FROM, TABLE, EXPLAIN, DESCRIBE, SHOW, SUMMARIZE, CREATE, DROP, ALTER,"
            + " INSERT, REPLACE, UPDATE, DELETE, TRUNCATE, COPY, SET, RESET, PRAGMA, BEGIN, COMMIT)",
        fails("SELEC 1"));
  }

  @Test
  void placesAreThoseOfTheScript() {
    List<Statement> script =
        SqlSession.statements(
            "SELECT 1;\n\n  CREATE TABLE z AS\n  SELECT 1 FROM (VALUES (1)) AS t (x) WHERE yy = 1;",
            "a.sql");
    assertEquals(2, script.size());
    assertEquals(
        "a.sql:4:45: no column 'yy'",
        assertThrows(PenstockException.class, () -> sql.execute(script.get(1))).getMessage());
    assertEquals(
        "expected one statement, got 2; run them one by one, or as a script",
        fails("SELECT 1; SELECT 2"));
  }

  @Test
  void queriesWithinStatementsCanBeCancelled() {
    sql.watch(r -> r.cancel("enough"));
    assertEquals("enough", fails("CREATE TABLE big AS SELECT * FROM tpch('lineitem', sf => 10)"));
    sql.watch(r -> {});
    assertEquals("", rows("SHOW TABLES"));
  }
}
