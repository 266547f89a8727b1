package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqlCommandTest {
  private static final String ADULTS = "SELECT Name, Age FROM people WHERE Age > 20 ORDER BY Name";
  private static final String CSV = "Name,Age\nCy,45\n\"Ng, Åsa\",31\n";

  @TempDir Path folder;

  @BeforeEach
  void people() throws Exception {
    Files.writeString(folder.resolve("people.csv"), "Name,Age\nBo,19\n\"Ng, Åsa\",31\nCy,45\n");
  }

  private Ran sql(String... args) {
    return sql("", false, args);
  }

  private Ran sql(String stdin, boolean terminal, String... args) {
    List<String> all = new ArrayList<>(List.of("sql", "--data", folder.toString()));
    all.addAll(List.of(args));
    return Ran.with(stdin, terminal, all.toArray(String[]::new));
  }

  @Test
  void rowsComeAsOfAPlan() throws Exception {
    assertEquals(new Ran(0, CSV, ""), sql(ADULTS));
    assertEquals(new Ran(0, CSV, ""), sql(ADULTS + ";", "--format", "csv", "--workers", "1"));
    assertEquals(
        new Ran(0, "{\"Name\":\"Cy\",\"Age\":45}\n{\"Name\":\"Ng, Åsa\",\"Age\":31}\n", ""),
        sql(ADULTS, "--format", "json"));
    assertEquals(
        "Name    | Age\n--------+----\nCy      |  45\nNg, Åsa |  31\n(2 rows, ? s)\n",
        sql("", true, ADULTS).out().replaceAll("\\d+\\.\\d\\d s", "? s"));
    String out = folder.resolve("out.parquet").toString();
    assertEquals(new Ran(0, "", ""), sql(ADULTS, "--out", out));
    assertEquals(new Ran(0, "n\n2\n", ""), sql("SELECT count(*) AS n FROM 'out.parquet'"));
  }

  @Test
  void theTextComesFromAFileOrFromStandardInput() throws Exception {
    Path file = folder.resolve("q.sql");
    Files.writeString(file, "-- adults\n" + ADULTS + "\n;\n");
    assertEquals(new Ran(0, CSV, ""), sql("-f", file.toString()));
    assertEquals(new Ran(0, CSV, ""), sql(ADULTS, false, "-"));
    assertEquals(new Ran(0, CSV, ""), sql(ADULTS, false, "-f", "-"));
    assertEquals(new Ran(0, CSV, ""), sql(ADULTS, false));
    assertEquals(new Ran(0, "", ""), sql("", false));
    String nix = folder.resolve("nix.sql").toString();
    assertEquals(new Ran(1, "", "penstock: " + nix + ": no such file\n"), sql("-f", nix));
    assertEquals(
        new Ran(2, "", "penstock: expected SQL or --file, got both; see penstock --help\n"),
        sql("SELECT 1", "-f", nix));
  }

  @Test
  void statementsRunInOrderUpToTheFirstThatFails() throws Exception {
    Path file = folder.resolve("q.sql");
    Files.writeString(
        file,
        "CREATE TABLE t AS FROM people;\nINSERT INTO t VALUES ('Di', 7);\n"
            + "SELECT count(*) AS n FROM t;\nSELECT sum(Age) AS s FROM t;\n"
            + "SELECT Agee FROM t;\nCOPY t TO 'never.csv';\n");
    Ran ran = sql("-f", file.toString());
    assertEquals("n\n4\n\ns\n102\n", ran.out());
    assertEquals(
        "penstock: " + file + ":5:8: no column 'Agee' in t; did you mean Age?\n", ran.err());
    assertEquals(1, ran.code());
    assertTrue(Files.notExists(folder.resolve("never.csv")));
  }

  @Test
  void aPersonIsToldWhatWasDone() {
    Ran ran =
        sql("", true, "CREATE TABLE t (a INT); INSERT INTO t VALUES (1); CREATE VIEW v AS FROM t");
    assertEquals(new Ran(0, "", "created table t\n1 row\ncreated view v\n"), ran);
    assertEquals(new Ran(0, "", ""), sql("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)"));
  }

  @Test
  void parametersGoToQuestionMarksInOrder() {
    assertEquals(
        new Ran(0, "n\n2\n\nName\nBo\n", ""),
        sql(
            "SELECT count(*) AS n FROM people WHERE Age > ?; SELECT Name FROM people WHERE Name = ?"
                + " AND Age < ?",
            "--param",
            "20",
            "--param",
            "Bo",
            "--param=19.5"));
    assertEquals(
        new Ran(0, "a,b,c\n7!,5,true\n", ""),
        sql(
            "SELECT ? || '!' AS a, coalesce(?, 5) AS b, ? AS c",
            "--param",
            "'7'",
            "--param",
            "NULL",
            "--param",
            "true"));
    assertEquals(
        new Ran(
            2,
            "",
            "penstock: --param: the statements have 1 question mark, got 0 values; see penstock --help\n"),
        sql("SELECT ?"));
  }

  @Test
  void aCatalogFileNamesTables() throws Exception {
    Path catalog = folder.resolve("penstock.edn");
    Files.writeString(
        catalog, "{:tables {p \"people.csv\"}\n :views {old \"SELECT * FROM p WHERE Age > 40\"}}");
    assertEquals(
        new Ran(0, "Name,Age\nCy,45\n", ""),
        Ran.command("sql", "FROM old", "--catalog", catalog.toString()));
    Files.writeString(catalog, "{:tables {p 7}}");
    assertEquals(
        new Ran(
            1,
            "",
            "penstock: "
                + catalog
                + ":1:11: table p: expected a path, or a map with :path, got 7\n"),
        Ran.command("sql", "FROM p", "--catalog", catalog.toString()));
  }

  @Test
  void explainIsPlainText() {
    for (Ran ran : List.of(sql("EXPLAIN " + ADULTS), sql(ADULTS, "--explain"))) {
      assertEquals("", ran.err());
      assertTrue(ran.out().startsWith("Plan "), ran.out());
      assertTrue(ran.out().contains("\n  1. "), ran.out());
    }
    Ran analyzed = sql("SELECT 1 AS a; " + ADULTS, "--analyze");
    assertEquals(0, analyzed.code(), analyzed.err());
    assertTrue(analyzed.out().startsWith("operator "), analyzed.out());
    assertTrue(analyzed.out().contains("\n\noperator "), analyzed.out());
    assertTrue(sql("EXPLAIN SELECT 1", "--format", "csv").out().startsWith("plan\nPlan "));
  }

  @Test
  void mistakesAreOneLine() {
    assertEquals(
        new Ran(1, "", "penstock: line 1, column 15: no table 'peopl'; did you mean people?\n"),
        sql("SELECT * FROM peopl"));
    assertEquals(
        new Ran(1, "", "penstock: line 1, column 8: this string has no end; close it with '\n"),
        sql("SELECT 'x"));
    assertEquals(
        new Ran(
            2,
            "",
            "penstock: --out takes the rows of one statement, and 2 of these give rows; COPY (query) TO"
                + " 'file' writes more; see penstock --help\n"),
        sql("SELECT 1; SELECT 2", "--out", folder.resolve("x.csv").toString()));
    Ran failed =
        sql("SELECT 1 / (Age - 45) FROM people", "--out", folder.resolve("x.csv").toString());
    assertEquals(1, failed.code());
    assertEquals(1, failed.err().lines().count(), failed.err());
    assertTrue(Files.notExists(folder.resolve("x.csv")));
  }
}
