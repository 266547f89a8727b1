package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser.ParseContext;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanCompleterTest {
  @TempDir Path folder;
  private Engine engine;
  private ClojureSession session;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(folder.resolve("staff/old"));
    Files.writeString(folder.resolve("staff/people.csv"), "Name,Age,Home Town\nBo,19,Lund\n");
    engine =
        Engine.create(EngineOptions.defaults().withWorkers(1).withBaseDirectory(folder, false));
    session = new ClojureSession(plan -> engine.prepare(plan).explain());
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  /** What Tab offers at the end of a text: candidates that begin with its last word. */
  private List<String> offered(String text) throws Exception {
    CompletingParsedLine line =
        (CompletingParsedLine) new PlanParser().parse(text, text.length(), ParseContext.COMPLETE);
    List<Candidate> out = new ArrayList<>();
    try (DumbTerminal terminal = new DumbTerminal(System.in, System.out)) {
      new PlanCompleter(engine, session)
          .complete(LineReaderBuilder.builder().terminal(terminal).build(), line, out);
    }
    return out.stream()
        .map(Candidate::value)
        .filter(v -> v.startsWith(line.word()))
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  void operatorsAndFunctions() throws Exception {
    assertEquals(List.of("project+"), offered("(proj"));
    assertEquals(List.of("filter+"), offered("(project+ [A] (filt"));
    assertEquals(List.of(), offered("(table+ tpch/nation [proj"));
    assertEquals(List.of("substring"), offered("(filter+ (= \"x\" (subst"));
  }

  @Test
  void filesInAString() throws Exception {
    assertEquals(List.of("staff/"), offered("(table+ \""));
    assertEquals(List.of("staff/old/", "staff/people.csv\""), offered("(table+ \"staff/"));
    assertEquals(List.of("staff/people.csv\""), offered("(table+ \"staff/pe"));
    assertEquals(List.of(), offered("(table+ \"nowhere/"));
  }

  @Test
  void tables() throws Exception {
    assertEquals(List.of("tpch/nation"), offered("(table+ tpch/na"));
  }

  @Test
  void columnsOfTheTablesOfTheLine() throws Exception {
    assertEquals(List.of("Name"), offered("(sort+ [Age] (table+ \"staff/people.csv\" [Na"));
    assertEquals(
        List.of("#col \"Home Town\""), offered("(sort+ [Age] (table+ \"staff/people.csv\" [#"));
    assertEquals(List.of("n_name", "n_nationkey"), offered("(table+ tpch/nation [n_na"));
    assertEquals(List.of(), offered("(table+ tpch/nation [l_comm"));
  }

  @Test
  void namesOfTheSessionAndTheirColumns() throws Exception {
    session.evaluate(
        "(def grown-ups (project+ [[Who Name]] (table+ \"staff/people.csv\")))",
        new ClojureSession.Answers() {
          @Override
          public void plan(Object plan) {
            throw new AssertionError("a definition is not run");
          }

          @Override
          public void text(String text) {
            assertTrue(text.startsWith("grown-ups = "), text);
          }
        },
        new StringWriter());
    assertEquals(List.of("grown-ups"), offered("(sort+ [A] grown"));
    assertEquals(List.of("Who"), offered("(project+ [X] grown-ups) (sort+ [Wh"));
  }

  @Test
  void commands() throws Exception {
    assertEquals(List.of(":tables"), offered(":t"));
    assertEquals(List.of(), offered("(table+ tpch/nation :t"));
  }

  @Test
  void anOpenBracketOrStringAsksForMore() {
    PlanParser parser = new PlanParser();
    for (String open : List.of("(a", "[(a)", "{:a 1", "\"x", "(str \\) ", "(a ; )", "(\"\\\")")) {
      Assertions.assertThrows(
          EOFError.class, () -> parser.parse(open, open.length(), ParseContext.ACCEPT_LINE), open);
    }
    for (String complete : List.of("", "(a)", "a)", "\"(\"", "\\(", "(a ; (\n)", ":quit")) {
      assertEquals(complete, parser.parse(complete, 0, ParseContext.ACCEPT_LINE).line(), complete);
    }
  }
}
