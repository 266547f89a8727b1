package dev.penstock.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.sql.DataFolder;
import dev.penstock.sql.SqlSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jline.reader.Candidate;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqlCompleterTest {
  @TempDir Path folder;
  private Engine engine;
  private SqlSession session;

  @BeforeEach
  void open() throws Exception {
    Files.writeString(folder.resolve("people.csv"), "Name,Age,first name\nBo,19,x\n");
    engine =
        Engine.create(EngineOptions.defaults().withWorkers(1).withBaseDirectory(folder, false));
    DataFolder.addTo(engine, folder);
    session = new SqlSession(engine);
    session.execute("CREATE VIEW grown AS SELECT Age AS years FROM people").close();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /** What fits the word at the end of a text. */
  private List<String> offered(String text) throws Exception {
    ParsedLine line = new SqlParser().parse(text, text.length(), ParseContext.COMPLETE);
    List<Candidate> out = new ArrayList<>();
    try (DumbTerminal terminal =
        new DumbTerminal(
            Objects.requireNonNull(java.io.InputStream.nullInputStream()),
            java.io.OutputStream.nullOutputStream())) {
      new SqlCompleter(session).complete(new LineReaderImpl(terminal), line, out);
    }
    return out.stream()
        .map(Candidate::value)
        .filter(v -> v.startsWith(line.word()))
        .sorted()
        .toList();
  }

  @Test
  void keywordsInTheCaseThatIsTyped() throws Exception {
    assertTrue(offered("SEL").contains("SELECT"));
    assertTrue(offered("sel").contains("select"));
    assertTrue(offered("SELECT * FROM people WH").contains("WHERE"));
    assertEquals(List.of(":plan"), offered(":pl"));
  }

  @Test
  void functionsTablesAndColumns() throws Exception {
    assertTrue(offered("SELECT date_tr").contains("date_trunc"));
    assertEquals(List.of("people"), offered("SELECT * FROM pe"));
    assertEquals(List.of("grown", "people"), offered("SELECT * FROM "));
    assertTrue(offered("SELECT * FROM people WHERE Na").contains("Name"));
    assertTrue(offered("SELECT * FROM people WHERE ").contains("\"first name\""));
    assertFalse(offered("SELECT ").contains("Name"));
    assertEquals(List.of("p.Age"), offered("SELECT * FROM people AS p WHERE p.A"));
    assertTrue(offered("SELECT * FROM grown WHERE ye").contains("years"));
    assertTrue(offered("SELECT * FROM 'people.csv' WHERE Ag").contains("Age"));
  }

  @Test
  void filesInAString() throws Exception {
    assertEquals(List.of("people.csv'"), offered("SELECT * FROM 'peo"));
  }

  @Test
  void aStatementIsCompleteWithItsSemicolon() {
    for (String text :
        List.of("", "  ", ":help", "SELECT 1;", "SELECT 1; -- done", "-- only this")) {
      assertTrue(SqlParser.isComplete(text), text);
    }
    for (String text : List.of("SELECT 1", "SELECT ';", "SELECT 1 -- ;", "/* ; ")) {
      assertFalse(SqlParser.isComplete(text), text);
    }
  }
}
