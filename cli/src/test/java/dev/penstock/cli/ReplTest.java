package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.sql.SqlSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interactive loop on a dumb terminal with scripted input. */
final class ReplTest {
  @TempDir Path folder;

  @BeforeEach
  void people() throws Exception {
    Files.writeString(folder.resolve("people.csv"), "Name,Age\nBo,19\nAnn,31\nCy,45\n");
  }

  private Engine engine() {
    return Engine.create(EngineOptions.defaults().withWorkers(2).withBaseDirectory(folder, false));
  }

  /** What the loop prints for lines of input, times left out. */
  private String typed(String input) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Engine engine = engine();
        Terminal terminal =
            new DumbTerminal(
                "test",
                Terminal.TYPE_DUMB,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                StandardCharsets.UTF_8)) {
      assertEquals(0, Repl.run(engine, () -> new SqlSession(engine), terminal, null, false, false));
    }
    return out.toString(StandardCharsets.UTF_8)
        .replace("\r", "")
        .replaceAll("\\d+\\.\\d\\d s\\)", "? s)");
  }

  @Test
  void aPlanIsRunAndItsRowsAreShown() throws Exception {
    assertEquals(
        """
        Name | Age
        -----+----
        Ann  |  31
        Cy   |  45
        (2 rows, ? s)
        """,
        typed("(filter+ (> Age 20) (table+ \"people.csv\"))\n"));
  }

  @Test
  void sparqlIsAMode() throws Exception {
    assertEquals(
        "penstock: nothing is known here that answers queries of sparql: there are no triples\n",
        typed(":sparql\nSELECT * {\n?s ?p ?o\n}\n"));
    Files.writeString(folder.resolve("x.ttl"), "<http://x/a> <http://x/n> 1, 2 .");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String input =
        ":sparql\nSELECT ?n { ?s\n<http://x/n> ?n # }\n}\nASK { }\n"
            + "CONSTRUCT { <http://x/a> <http://x/m> 3 } {\n}\n:plan\n(values+ [A] [[7]])\n";
    try (Engine engine = engine();
        Terminal terminal =
            new DumbTerminal(
                "test",
                Terminal.TYPE_DUMB,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                StandardCharsets.UTF_8)) {
      RdfData.offer(engine, folder);
      assertEquals(0, Repl.run(engine, () -> new SqlSession(engine), terminal, null, false, false));
    }
    assertEquals(
        """
        n
        -
        1
        2
        (2 rows, ? s)
        yes
        <http://x/a>  <http://x/m>  3 .
        A
        -
        7
        (1 row, ? s)
        """,
        out.toString(StandardCharsets.UTF_8)
            .replace("\r", "")
            .replaceAll("\\d+\\.\\d\\d s\\)", "? s)"));
    for (String whole :
        new String[] {
          "",
          ":sql",
          "ASK { ?s ?p '}' FILTER(1 < 2) }",
          "SELECT * {{}}",
          "DESCRIBE <http://x/a> x:b.c",
          "prefix x: <http://x/>\n\ndescribe x:",
          "SELECT\n "
        }) {
      assertTrue(SparqlParser.isComplete(whole), whole);
    }
    for (String part :
        new String[] {
          "SELECT *",
          "DESCRIBE ?x",
          "DESCRIBE",
          "ASK {\n\n",
          "ASK { '}",
          "ASK { <a}> ?p \"\"\"\n}\" } # }"
        }) {
      assertFalse(SparqlParser.isComplete(part), part);
    }
  }

  @Test
  void queriesAreListedAndCancelled() throws Exception {
    assertEquals("no query so far\n", typed(":queries\n"));
    String shown = typed("(slice+ 0 2 (table+ \"people.csv\"))\n:sql\n:queries\n");
    String[] lines = shown.substring(shown.indexOf("    id")).split("\n");
    assertEquals(
        "    id  state         seconds   done        rows     memory    spilled  text", lines[0]);
    assertTrue(
        lines[1].matches(
            " {5}1 {2}done {8}.*100% {11}2 .* 0 B {2}\\(slice\\+ 0 2 \\(table\\+ \"people.csv\"\\)\\)"),
        lines[1]);
    assertEquals(
        "no query 7 runs; :queries shows those that do\n"
            + "expected :cancel and the id of a query (:queries shows them), got 'x'\n",
        typed(":cancel 7\n:sql\n:cancel x\n"));
  }

  @Test
  void aFormMayTakeManyLines() throws Exception {
    assertEquals(
        "A\n-\n)\n(1 row, ? s)\n",
        typed("(values+ [A] ; a comment with (\n  [[\")\"]\n])\n").replaceFirst("^\\n+", ""));
  }

  @Test
  void aDefinedPlanIsUsedByItsName() throws Exception {
    assertEquals(
        """
        adults = (filter+ (> Age 20) (table+ "people.csv"))
        Name
        ----
        Ann
        Cy
        (2 rows, ? s)
        adults = (filter+ (< Age 40) (filter+ (> Age 20) (table+ "people.csv")))
        Name | Age
        -----+----
        Ann  |  31
        (1 row, ? s)
        """,
        typed(
            "(def adults (filter+ (> Age 20) (table+ \"people.csv\")))\n"
                + "(project+ [Name] adults)\n"
                + "(def adults (filter+ (< Age 40) adults))\n"
                + "adults\n"));
  }

  @Test
  void clojureIsEvaluatedAndFunctionsRunInPlans() throws Exception {
    assertEquals(
        """
        3
        limit: 30
        #'penstock.user/limit
        Name | Age
        -----+----
        Cy   |  45
        (1 row, ? s)
        length
        ------
             2
             3
             2
        (3 rows, ? s)
        4
        """,
        typed(
            "(+ 1 2)\n"
                + "(do (println \"limit: 30\") (def limit 40))\n"
                + "(filter+ (> Age ~limit) (table+ \"people.csv\"))\n"
                + "(map+ (fn [row] {:length (count (:Name row))}) [[length :int64]] (table+ \"people.csv\"))\n"
                + "(inc 3)\n"));
  }

  @Test
  void anErrorIsOneLineAndTheSessionGoesOn() throws Exception {
    assertEquals(
        """
        penstock: nothing is known about filtr+; did you mean filter+?
        penstock: 1:10: unknown column Agee; did you mean Age?
        penstock: ArithmeticException: Divide by zero
        penstock: RuntimeException: Unmatched delimiter: )
        penstock: 1:1: nix.csv: no such file or folder
        penstock: explain expects a plan, got 3
        :still-here
        """,
        typed(
            "(filtr+ (> Age 20) 1)\n"
                + "(filter+ (> Agee 20) (table+ \"people.csv\"))\n"
                + "(/ 1 0)\n"
                + ")\n"
                + "(table+ \"nix.csv\")\n"
                + "(explain 3)\n"
                + ":still-here\n"));
  }

  @Test
  void errorShowsWhereTheLastErrorCameFrom() throws Exception {
    assertEquals("no error so far\n", typed(":error\n"));
    String shown = typed("(/ 1 0)\n:error\n");
    assertTrue(shown.contains("java.lang.ArithmeticException: Divide by zero\n\tat "), shown);
    assertTrue(typed("(/ 1 0)\n(.getMessage *e)\n").endsWith("\"Divide by zero\"\n"));
  }

  @Test
  void docExplainHelpAndTables() throws Exception {
    String doc = typed("(doc filter+)\n(doc substring)\n(doc map)\n(doc filtr+)\n");
    assertTrue(doc.startsWith("(filter+ pred rel)\n"), doc);
    assertTrue(doc.contains("(substring s from)"), doc);
    assertTrue(doc.contains("clojure.core/map ([f]"), doc);
    assertTrue(doc.endsWith("nothing is known about filtr+; did you mean filter+?\n"), doc);
    String explained = typed("(explain (filter+ (> Age 20) (table+ \"people.csv\")))\n");
    assertTrue(explained.contains("\n  1. push-filter-into-scan\n"), explained);
    assertTrue(typed(":help\n").contains("(doc filter+)"));
    assertTrue(typed(":tables\n").startsWith("(table+ \"people.csv\")\n"));
  }

  @Test
  void statementsEndWithASemicolon() throws Exception {
    assertEquals(
        """
        Name | Age
        -----+----
        Cy   |  45
        (1 row, ? s)
        (3 rows)
        N
        -
        3
        (1 row, ? s)
        (created view v)
        penstock: line 2, column 1: no table 't2'; did you mean t?
        3
        """,
        typed(
                ":sql\nSELECT *\nFROM 'people.csv' -- ;\nWHERE Age > 40;\n"
                    + "CREATE TABLE t AS FROM 'people.csv'; SELECT count(*) AS \"N\" FROM t;\n"
                    + "CREATE VIEW v AS SELECT ';' AS x;\nFROM\nt2;\n\n"
                    + ":plan\n(+ 1 2)\n")
            .replaceAll("(?m)^\\n", ""));
  }

  @Test
  void sqlHasItsOwnHelp() throws Exception {
    assertTrue(typed(":sql\n:help\n").startsWith("Statements end with ;"));
    assertTrue(typed(":sql\nEXPLAIN SELECT 1;\n:tables\n").contains("\nRules:\n"));
  }

  @Test
  void quitEndsAtOnce() throws Exception {
    assertEquals("1\n", typed("1\n:quit\n2\n"));
  }

  @Test
  void theLastValuesHaveNames() throws Exception {
    assertEquals("1\n2\n[2 1]\n", typed("1\n2\n[*1 *2]\n"));
  }

  /** Counts down when a text was written. */
  private static final class Seen extends OutputStream {
    private final StringBuilder text = new StringBuilder();
    private final String awaited;
    private final CountDownLatch seen = new CountDownLatch(1);

    Seen(String awaited) {
      this.awaited = awaited;
    }

    @Override
    public synchronized void write(int b) {
      text.append((char) (b & 0xff));
      if (seen.getCount() > 0 && text.indexOf(awaited) >= 0) {
        seen.countDown();
      }
    }

    synchronized String text() {
      return text.toString().replace("\r", "");
    }
  }

  /**
   * Types a form that never ends, sends the signal once it has said "begun", and gives what was
   * printed.
   */
  private String interrupted(String form) throws Exception {
    Seen out = new Seen("begun");
    try (PipedOutputStream keys = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(keys);
        Engine engine = engine();
        Terminal terminal =
            new DumbTerminal("test", Terminal.TYPE_DUMB, in, out, StandardCharsets.UTF_8)) {
      AtomicInteger code = new AtomicInteger(-1);
      Thread loop =
          new Thread(
              () ->
                  code.set(
                      Repl.run(engine, () -> new SqlSession(engine), terminal, null, false, false)),
              "repl");
      loop.start();
      keys.write((form + "\n").getBytes(StandardCharsets.UTF_8));
      keys.flush();
      assertTrue(out.seen.await(30, TimeUnit.SECONDS), out.text());
      terminal.raise(Terminal.Signal.INT);
      keys.write("(+ 40 2)\n:quit\n".getBytes(StandardCharsets.UTF_8));
      keys.flush();
      loop.join(30_000);
      assertEquals(0, code.get(), out.text());
      assertEquals(0, engine.budget().usedBytes());
    } catch (IOException e) {
      throw new AssertionError(out.text(), e);
    }
    return out.text();
  }

  @Test
  void controlCCancelsAQueryAndNotTheSession() throws Exception {
    assertEquals(
        "begun\npenstock: cancelled\n42\n",
        interrupted(
            "(let [out *out*] (filter+"
                + " (fn [row] (when (= 1 (:x row)) (.write out \"begun\\n\") (.flush out)) false)"
                + " (series+ x 1 1000000000)))"));
  }

  @Test
  void controlCEndsAnEvaluation() throws Exception {
    assertEquals(
        "begun\npenstock: cancelled\n42\n",
        interrupted("(do (println \"begun\") (flush) @(promise))"));
  }

  /** Types a line, and the next ones when what was printed says so. */
  private String inTurn(String... linesAndAnswers) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PipedOutputStream keys = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(keys);
        Engine engine = engine();
        Terminal terminal =
            new DumbTerminal("test", Terminal.TYPE_DUMB, in, out, StandardCharsets.UTF_8)) {
      Thread loop =
          new Thread(
              () -> Repl.run(engine, () -> new SqlSession(engine), terminal, null, false, false),
              "repl");
      loop.start();
      for (int i = 0; i < linesAndAnswers.length; i += 2) {
        keys.write((linesAndAnswers[i] + "\n").getBytes(StandardCharsets.UTF_8));
        keys.flush();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!out.toString(StandardCharsets.UTF_8).contains(linesAndAnswers[i + 1])) {
          assertTrue(System.nanoTime() < deadline, out.toString(StandardCharsets.UTF_8));
          Thread.onSpinWait();
        }
      }
      keys.write(":quit\n".getBytes(StandardCharsets.UTF_8));
      keys.flush();
      loop.join(30_000);
      assertFalse(loop.isAlive());
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aStartedQueryIsSeenAndCancelledWhileOthersRun() throws Exception {
    String all =
        inTurn(
            ":sql",
            "",
            ":start SELECT count(*) FROM range(1000000000000)",
            "query 1 runs; :queries shows it, :cancel 1 stops it",
            "SELECT 40 + 2 AS n;",
            "42",
            ":queries",
            "    id  state",
            ":cancel 1",
            "query 1: cancelled by :cancel",
            ":start SELECT 6 * 7 + 1 AS n",
            "43",
            ":plan",
            "",
            ":start (values+ [A] [[44]])",
            "44",
            ":start (values+ [A])",
            "query 5: ");
    assertTrue(all.contains("query 1 is being cancelled"), all);
  }
}
