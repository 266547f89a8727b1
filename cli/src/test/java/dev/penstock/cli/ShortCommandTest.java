package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command line that is read without picocli does what it does with it. */
class ShortCommandTest {
  @TempDir Path folder;

  private static void same(int code, String... args) {
    assertNotNull(ShortCommand.of(args), () -> List.of(args).toString());
    Ran ran = Ran.command(args);
    assertEquals(code, ran.code(), ran::err);
    assertEquals(withoutTimes(Ran.byPicocli(args).toString()), withoutTimes(ran.toString()));
  }

  /** What a statement took is another time in each run. */
  private static String withoutTimes(String text) {
    return text.replaceAll("[0-9]+\\.[0-9]+ s\\)", "T s)");
  }

  @Test
  void itDoesTheSame() throws IOException {
    Files.writeString(folder.resolve("t.csv"), "a,b\n1,x\n2,y\n");
    String file = Files.writeString(folder.resolve("q.sql"), "SELECT 1 AS n; FROM t").toString();
    String data = folder.toString();
    same(0, "sql", "SELECT 1 AS n, 'x y' AS t");
    same(0, "sql", "--data", data, "SELECT b FROM t WHERE a = 2");
    same(0, "sql", "SELECT b FROM t", "--format", "json", "--data", data, "--workers", "2");
    same(0, "sql", "--data", data, "-f", file, "--format", "TABLE");
    same(0, "sql", "--file", file, "--data", data);
    same(1, "sql", "SELECT nothing");
    same(1, "sql", "-f", folder.resolve("none.sql").toString());
    same(2, "sql", "SELECT ?");
    same(2, "sql", "SELECT 1", "--format", "xml");
    same(2, "sql", "SELECT 1", "--format", "parquet");
    same(2, "sql", "SELECT 1", "--workers", "0");
    same(2, "sql", "SELECT 1", "--data", folder.resolve("none").toString());
  }

  @Test
  void whatIsWrittenInAnotherWayIsForPicocli() {
    for (List<String> args :
        List.of(
            List.<String>of(),
            List.of("sql"),
            List.of("--data", "d", "sql", "SELECT 1"),
            List.of("repl"),
            List.of("sql", "--help"),
            List.of("sql", "-"),
            List.of("sql", "-f", "-"),
            List.of("sql", "SELECT 1", "SELECT 2"),
            List.of("sql", "SELECT 1", "-f", "q.sql"),
            List.of("sql", "SELECT 1", "--format=csv"),
            List.of("sql", "SELECT 1", "--format"),
            List.of("sql", "SELECT 1", "--format", "csv", "--format", "csv"),
            List.of("sql", "SELECT 1", "--workers", "two"),
            List.of("sql", "SELECT 1", "--out", "f.csv"),
            List.of("sql", "SELECT ?", "--param", "1"),
            List.of("sql", "--explain", "SELECT 1"),
            List.of("sql", "@args"),
            List.of("sql", "\"SELECT 1\""),
            List.of("sql", ""))) {
      assertNull(ShortCommand.of(args.toArray(String[]::new)), args::toString);
    }
  }
}
