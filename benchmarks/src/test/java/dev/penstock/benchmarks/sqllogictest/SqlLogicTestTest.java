package dev.penstock.benchmarks.sqllogictest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner on small scripts: what is right passes, and every kind of wrong result is told. */
class SqlLogicTestTest {
  @TempDir Path folder;

  private int exit;

  private String run(String script, String... options) throws IOException {
    Path file = folder.resolve("a.test");
    Files.writeString(file, script);
    return runPath(file, options);
  }

  private String runPath(Path path, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of(options));
    args.add(path.toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    exit =
        SqlLogicTest.run(
            args.toArray(String[]::new), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8).replace(folder.toString() + "/", "");
  }

  private void passes(int records, String script, String... options) throws IOException {
    String out = run(script, options);
    assertTrue(out.contains("1 file: passed " + records + ", failed 0, skipped"), out);
    assertEquals(0, exit);
  }

  /** One record of the script fails, for this reason. */
  private void fails(String reason, String script, String... options) throws IOException {
    String out = run(script, options);
    assertTrue(out.contains(", failed 1, "), out);
    assertTrue(out.contains("       1  " + reason), out);
    assertEquals(1, exit);
  }

  @Test
  void sqliteRecords() throws IOException {
    passes(
        11,
        """
        hash-threshold 8

        statement ok
        CREATE TABLE t1(a INTEGER, b VARCHAR(8), c DOUBLE)

        statement ok
        INSERT INTO t1 VALUES(2,'zwei',2.5),(1,'',0.25),(NULL,'a\u0001b',NULL)

        statement error
        SELECT nothing FROM t1

        skipif sqlite # not for us
        statement ok
        SELECT * FROM nowhere

        onlyif mysql
        statement ok
        SELECT * FROM nowhere

        onlyif penstock
        query I nosort
        SELECT 7/2
        ----
        3

        query ITR rowsort
        SELECT * FROM t1
        ----
        1
        (empty)
        0.250
        2
        zwei
        2.500
        NULL
        a@b
        NULL

        query IT valuesort
        SELECT a, b FROM t1 WHERE a IS NOT NULL
        ----
        (empty)
        1
        2
        zwei

        query I nosort label-x
        SELECT a FROM t1 WHERE a > 0 ORDER BY a
        ----
        2 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e0

        query I rowsort label-x
        SELECT a FROM t1 WHERE a > 0

        query I nosort
        SELECT a > 1 FROM t1 WHERE a = 2
        ----
        1

        query R nosort
        SELECT a FROM t1 WHERE a = 2
        ----
        2.000

        query I nosort
        SELECT c FROM t1 WHERE a = 2
        ----
        2

        halt

        query I nosort
        SELECT 1
        ----
        2
        """,
        "--dialect",
        "sqlite");
  }

  @Test
  void setOperationsOfSqliteGoFromLeftToRight() throws IOException {
    String script =
        """
        query I nosort
        SELECT 1 UNION SELECT 2 INTERSECT SELECT 2
        ----
        2
        """;
    passes(1, script, "--dialect", "sqlite");
    passes(1, script.replace("----\n2", "----\n1\n2"), "--dialect", "duckdb");
  }

  @Test
  void duckdbRecords() throws IOException {
    passes(
        15,
        """
        # name: test/a.test
        require parquet

        statement ok
        PRAGMA enable_verification

        statement ok
        CREATE TABLE t(i INTEGER, s VARCHAR); INSERT INTO t VALUES (1, 'x'), (2, NULL), (3, '')

        query IT
        SELECT * FROM t ORDER BY i
        ----
        1\tx
        2\tNULL
        3\t(empty)

        query II nosort
        SELECT i, i + 1 FROM t ORDER BY i
        ----
        1
        2
        2
        3
        3
        4

        query II rowsort
        SELECT i, i > 1 FROM t
        ----
        3\tTrue
        1\t0
        2\t1

        query III
        SELECT 1.0000001::DOUBLE, 0.5, 1e20::DOUBLE
        ----
        1.0\t0.500\t1e+20

        query T
        SELECT 'abc 12'
        ----
        <REGEX>:abc \\d+

        query T
        SELECT 'abc'
        ----
        <!REGEX>:.*d.*

        query TTT
        SELECT DATE '2020-01-02', TIMESTAMP '2020-01-02 03:04:05.5', INTERVAL '14 months 3 days'
        ----
        2020-01-02\t2020-01-02 03:04:05.5\t1 year 2 months 3 days

        statement error
        SELECT nothing FROM t
        ----
        Binder Error

        query error
        SELECT * FROM nowhere

        statement maybe
        SELECT * FROM nowhere

        foreach type integer bigint

        query I
        SELECT 4::${type}
        ----
        4

        endloop

        loop i 0 3

        onlyif i=2
        query I
        SELECT ${i} + 1
        ----
        3

        endloop

        mode skip

        query I
        SELECT 1
        ----
        2

        mode unskip

        query I
        SELECT count(*) FROM t
        ----
        3

        """);
  }

  @Test
  void wrongResultsAreFailures() throws IOException {
    fails("wrong result: wrong value", "query I\nSELECT 41\n----\n42\n");
    fails(
        "wrong result: wrong value", "query I\nSELECT 9007199254740993\n----\n9007199254740992\n");
    fails("wrong result: wrong value", "query R\nSELECT 1.00001::DOUBLE\n----\n1.0\n");
    fails("wrong result: wrong value", "query T\nSELECT 'a'\n----\nA\n");
    fails("wrong result: wrong value", "query T\nSELECT NULL::VARCHAR\n----\n(empty)\n");
    fails("wrong result: wrong value", "query T\nSELECT ''\n----\nNULL\n");
    fails("wrong result: wrong value", "query I\nSELECT 1 = 1\n----\nfalse\n");
    fails("wrong result: wrong value", "query T\nSELECT 'abc'\n----\n<REGEX>:b\n");
    fails("wrong result: wrong value", "query T\nSELECT 'abc'\n----\n<!REGEX>:a.*\n");
    fails("wrong result: wrong value", "query II\nSELECT 1, 2\n----\n1\t3\n");
    fails(
        "wrong result: wrong value",
        "query I\nSELECT * FROM (VALUES (1), (2)) t(i) ORDER BY i\n----\n2\n1\n");
    fails("wrong result: wrong number of rows", "query I\nSELECT 1\n----\n1\n1\n");
    fails("wrong result: wrong number of rows", "query I\nSELECT 1\n----\n");
    fails("wrong result: wrong number of rows", "query I\nSELECT 1 WHERE false\n----\n1\n");
    fails("wrong result: wrong number of columns", "query II\nSELECT 1\n----\n1\n");
    fails(
        "wrong result: wrong hash",
        "query I\nSELECT 1\n----\n1 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e0\n");
    fails(
        "wrong result: wrong number of values",
        "query I\nSELECT 1\n----\n2 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e0\n");
    fails(
        "wrong result: another result than the first query of its label",
        "query I nosort a\nSELECT 1\n\nquery I nosort a\nSELECT 2\n");
    fails(
        "wrong result: wrong value",
        "query R\nSELECT 1.0006\n----\n1.000\n",
        "--dialect",
        "sqlite");
  }

  @Test
  void wrongEndsAreFailures() throws IOException {
    fails("no error where one is expected: SELECT 1", "statement error\nSELECT 1\n");
    fails("no error where one is expected: SELECT 1", "query error\nSELECT 1\n");
    fails("error: ", "statement ok\nSELECT * FROM nowhere\n");
    fails("error: ", "query I\nSELECT * FROM nowhere\n----\n1\n");
    fails("bad script: unknown word querry", "querry I\n");
    fails(
        "bad script: slt-script: line N: expected endloop before the end of the file",
        "loop i 0 2\n");
  }

  @Test
  void verboseTellsPlaceTextExpectedAndGot() throws IOException {
    String out = run("statement ok\nSELECT 1\n\nquery I\nSELECT 41\n----\n42\n", "--verbose");
    assertEquals(
        """
        a.test:4: wrong result: wrong value
          SELECT 41
          expected
          42
          got
          41

        a.test (duckdb): passed 1, failed 1, skipped 0

        1 file: passed 1, failed 1, skipped 0
               1  wrong result

        failed because of
               1  wrong result: wrong value  [a.test:4]
        """,
        out);
  }

  @Test
  void requireSkipsTheRestWithItsReason() throws IOException {
    String out = run("require spatial\n\nquery I\nSELECT 1\n----\n2\n");
    assertEquals(
        """
        a.test (duckdb): passed 0, failed 0, skipped 1

        1 file: passed 0, failed 0, skipped 1

        skipped because of
               1  require spatial  [a.test]
        """,
        out);
    assertEquals(0, exit);
  }

  @Test
  void failFastStopsAtTheFirstFailure() throws IOException {
    String wrong = "query I\nSELECT 1\n----\n2\n\n";
    String out = run(wrong + wrong, "--fail-fast");
    assertTrue(out.contains("1 file: passed 0, failed 1, skipped 0"), out);
    out = run(wrong + wrong);
    assertTrue(out.contains("1 file: passed 0, failed 2, skipped 0"), out);
  }

  @Test
  void foldersGiveTheirFilesAndEachHasAnEngineOfItsOwn() throws IOException {
    Files.createDirectories(folder.resolve("sub"));
    String script =
        "statement ok\nCREATE TABLE t(i INTEGER)\n\nquery I\nSELECT count(*) FROM t\n----\n0\n";
    Files.writeString(folder.resolve("a.test"), script);
    Files.writeString(folder.resolve("sub/b.slt"), script);
    Files.writeString(folder.resolve("sub/c.test_slow"), script);
    Files.writeString(folder.resolve("sub/notes.txt"), "none");
    String out = runPath(folder);
    assertTrue(out.contains("3 files: passed 6, failed 0, skipped 0"), out);
  }

  @Test
  void aRecordHasALimitOfTime() throws IOException {
    fails(
        "time limit: ",
        """
        query I
        SELECT sum(a.i + b.i * c.i) FROM range(100000) a(i), range(100000) b(i), range(100000) c(i)
        ----
        1
        """,
        "--limit",
        "1");
  }

  @Test
  void wrongArguments() throws IOException {
    String out = runPath(folder.resolve("nothing.test"));
    assertEquals("expected a file, a folder or an option, got nothing.test\n", out);
    assertEquals(2, exit);
  }

  @Test
  void orderIsComparedWhereTheQueryHasOne() throws IOException {
    String rows = "query I\nSELECT i FROM (SELECT * FROM (VALUES (1), (2)) t(i) ORDER BY i)";
    passes(1, rows + "\n----\n2\n1\n");
    passes(1, rows + "\nORDER BY i DESC\n----\n2\n1\n");
    fails("wrong result: wrong value", rows + "\nORDER BY i\n----\n2\n1\n");
    fails("wrong result: wrong value", rows + "\n----\n2\n3\n");
  }

  @Test
  void listsAreWrittenWithSpacesAndWithoutQuotes() throws IOException {
    passes(
        1,
        "query T\nSELECT array_agg(s ORDER BY s) FROM (VALUES ('a'), ('b')) t(s)\n----\n[a, b]\n");
    fails(
        "wrong result: wrong value",
        "query T\nSELECT array_agg(s ORDER BY s) FROM (VALUES ('a'), ('b')) t(s)\n----\n[b, a]\n");
  }

  @Test
  void dialects() {
    assertEquals(Dialect.SQLITE, Dialect.of("query I\nSELECT 1\n----\n9 values hashing to 0\n"));
    assertEquals(Dialect.SQLITE, Dialect.of("skipif mysql # no\nstatement ok\nSELECT 1\n"));
    assertEquals(Dialect.DUCKDB, Dialect.of("require icu\n\nonlyif sqlite\nstatement ok\n"));
    assertEquals(Dialect.DUCKDB, Dialect.of("query II\nSELECT 1, 2\n----\n1\t2\n"));
  }
}
