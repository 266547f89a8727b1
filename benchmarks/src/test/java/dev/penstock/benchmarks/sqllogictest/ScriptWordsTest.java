package dev.penstock.benchmarks.sqllogictest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words of scripts, each in a script that passes by it or fails by it. */
class ScriptWordsTest {
  @TempDir Path folder;

  private Script script(String numbers, String text, String... options) throws IOException {
    Script s = Script.run(folder, text, options);
    assertEquals(numbers, s.numbers(), s.out());
    return s;
  }

  private void fails(String reason, String text, String... options) throws IOException {
    Script s = Script.run(folder, text, options);
    assertTrue(s.out().contains("       1  " + reason), s.out());
    assertEquals(1, s.exit());
  }

  @Test
  void countsOfStatements() throws IOException {
    String table = "statement ok\nCREATE TABLE t(i INTEGER)\n\n";
    script(
        "passed 4, failed 0, skipped 0",
        table
            + "statement count 2\nINSERT INTO t VALUES (1), (2)\n\n"
            + "statement count 1\nDELETE FROM t WHERE i = 1\n\n"
            + "statement count 1\nSELECT * FROM t\n");
    fails(
        "wrong result: wrong number of rows",
        table + "statement count 3\nINSERT INTO t VALUES (1), (2)\n");
    fails(
        "bad script: slt-script: line N: expected statement count N", "statement count\nSELECT 1");
  }

  @Test
  void messagesAreComparedOnDemand() throws IOException {
    String error = "statement error\nSELECT * FROM nowhere\n----\n";
    script("passed 1, failed 0, skipped 0", error + "Binder Error: no such thing\n");
    fails("another message: sql: ", error + "Binder Error\n", "--messages");
    script("passed 1, failed 0, skipped 0", error + "no table 'nowhere'\n", "--messages");
    script("passed 1, failed 0, skipped 0", error + "<REGEX>:.*NO.*|.*no.*\n", "--messages");
    script("passed 1, failed 0, skipped 0", error + "<!REGEX>:.*Binder.*\n", "--messages");
    fails("another message: sql: ", error + "<!REGEX>:.*nowhere.*\n", "--messages");
  }

  @Test
  void sessionsShareTablesAndNotSettings() throws IOException {
    script(
        "passed 6, failed 0, skipped 0",
        """
        statement ok con1
        CREATE TABLE t AS SELECT NULL AS i UNION ALL SELECT 1

        statement ok con2
        SET default_null_order = 'nulls_first'

        query I nosort con1
        SELECT i FROM t ORDER BY i
        ----
        1
        NULL

        query I con2
        SELECT i FROM t ORDER BY i
        ----
        NULL
        1

        reconnect

        query I nosort con2
        SELECT i FROM t ORDER BY i
        ----
        1
        NULL

        statement error con1
        SELECT * FROM nowhere
        """);
  }

  @Test
  void loopsNestWithVariablesInTheirBounds() throws IOException {
    script(
        "passed 9, failed 0, skipped 0",
        """
        foreach type,width integer,32 bigint,64

        loop i 1 3

        query I
        SELECT ${i}::${type} * ${width} - {i} * ${width}
        ----
        0

        endloop

        endloop

        loop i 1 3

        loop j 0 ${i}

        query I
        SELECT ${j} < ${i}
        ----
        true

        endloop

        endloop

        foreach type <integral> !hugeint !uhugeint !utinyint !usmallint !uinteger !ubigint !tinyint !smallint !integer

        query T
        SELECT '${type}'
        ----
        bigint

        endloop

        concurrentloop i 4 5

        query I
        SELECT 1 + ${i}
        ----
        5

        endloop
        """);
  }

  @Test
  void settingsOfAnotherEngineAreSkipped() throws IOException {
    script(
        "passed 2, failed 0, skipped 7",
        """
        statement ok
        PRAGMA enable_verification

        statement ok
        SET threads=4;

        statement ok
        SET SESSION perfect_ht_threshold TO 0

        statement ok
        RESET memory_limit

        statement ok
        PRAGMA temp_directory('x')

        statement error
        SET nothing_of_ours = 3

        statement ok
        LOAD 'x.so'

        statement ok
        SET default_null_order = 'nulls_first'

        statement error
        SET default_null_order = 'sideways'
        """);
    fails("error: sql-setting: no setting 'schema'", "statement ok\nSET schema = 'x'\n");
  }

  @Test
  void requireEnvSkipsUnlessTheEnvironmentHasIt() throws IOException {
    String query = "\n\nquery I\nSELECT 1\n----\n1\n";
    script("passed 0, failed 0, skipped 1", "require-env NO_SUCH_NAME_IN_ANY_ENVIRONMENT" + query);
    script("passed 1, failed 0, skipped 0", "require-env PATH" + query);
    script("passed 0, failed 0, skipped 1", "require-env PATH nothing-like-it" + query);
    script("passed 0, failed 0, skipped 1", "require tpch" + query);
    script("passed 1, failed 0, skipped 0", "require tpch" + query, "--require", "spatial,tpch");
  }

  @Test
  void databaseFilesAreEmptyAtFirstAndNotFoundAgain() throws IOException {
    String query = "query I\nSELECT 1\n----\n1\n\n";
    Script s =
        script(
            "passed 1, failed 0, skipped 1",
            "load __TEST_DIR__/a.db\n\n" + query + "load __TEST_DIR__/a.db\n\n" + query);
    assertTrue(s.out().contains("       1  load of a database file  [a.test]"), s.out());
    script("passed 1, failed 0, skipped 1", query + "restart\n\n" + query);
    script("passed 1, failed 0, skipped 1", query + "unzip a.zip\n\n" + query);
  }

  @Test
  void wordsWithoutMeaningHere() throws IOException {
    script(
        "passed 1, failed 0, skipped 0",
        """
          # an indented comment
        tags slow
        set seed 0.5
        sleep 1 second
        mode output_hash
        hash-threshold 8

        query I
        SELECT 1
        ----
        1
        """);
  }

  @Test
  void expectedRowsOfAFile() throws IOException {
    Files.writeString(folder.resolve("rows.csv"), "a|b\n1|x\n2|y\n");
    String query = "query IT\nSELECT * FROM (VALUES (1, 'x'), (2, 'y')) t(a, b) ORDER BY a\n----\n";
    String file = "<FILE>:" + folder.resolve("rows.csv") + "\n";
    script("passed 1, failed 0, skipped 0", query + file);
    fails("wrong result: wrong value", query.replace("2, 'y'", "2, 'z'") + file);
    fails("error: slt-file: ", query + "<FILE>:no/such/file.csv\n");
  }

  @Test
  void failuresOfAKindCanBePassedOver() throws IOException {
    String text = "query I\nSELECT 1\n----\n2\n\nstatement ok\nSELECT * FROM nowhere\n";
    script("passed 0, failed 2, skipped 0", text);
    Script s = script("passed 0, failed 1, skipped 1", text, "--skip-errors-of", "error");
    assertTrue(s.out().contains("       1  error: sql: no table 'nowhere'"), s.out());
    s = script("passed 0, failed 0, skipped 2", text, "--skip-errors-of", "error,wrong-result");
    assertEquals(0, s.exit());
    assertEquals(
        "expected wrong-result, unsupported, error, no-error, message, fault, time or script,"
            + " got nothing\n",
        Script.run(folder, text, "--skip-errors-of", "nothing").out());
  }

  @Test
  void filesAreChosenByTheirPaths() throws IOException {
    Files.createDirectories(folder.resolve("suite/slow"));
    String text = "query I\nSELECT 1\n----\n1\n";
    Files.writeString(folder.resolve("suite/a.test"), text);
    Files.writeString(folder.resolve("suite/b.test"), text);
    Files.writeString(folder.resolve("suite/slow/c.test"), text);
    Path suite = folder.resolve("suite");
    assertEquals(
        "passed 1, failed 0, skipped 0", Script.path(folder, suite, "--only", "suite/a").numbers());
    assertEquals(
        "passed 2, failed 0, skipped 0",
        Script.path(folder, suite, "--without", "/slow/").numbers());
  }

  @Test
  void aBrokenFileDoesNotEndTheRun() throws IOException {
    Files.createDirectories(folder.resolve("suite"));
    Files.writeString(folder.resolve("suite/a.test"), "loop i 0 2\n\nstatement ok\nSELECT 1\n");
    Files.write(folder.resolve("suite/b.test"), new byte[] {(byte) 0xff, 0, 10, (byte) 0xfe});
    Files.createDirectories(folder.resolve("suite/c.test"));
    Files.createSymbolicLink(folder.resolve("suite/d.test"), folder.resolve("nowhere"));
    Files.writeString(folder.resolve("suite/e.test"), "query I\nSELECT 1\n----\n1\n");
    Script s = Script.path(folder, folder.resolve("suite"));
    assertTrue(s.out().contains("3 files: passed 1, failed 3, skipped 0"), s.out());
    assertEquals(1, s.exit());
  }
}
