package dev.penstock.sql.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Written SQL means what it means in DuckDB. */
@Timeout(60)
final class WrittenQueriesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spellings",
        "fixed",
        "subqueries",
        "lists",
        "list-functions",
        "macros",
        "names",
        "windows",
        "grouped",
        "correlated",
        "limits",
        "repeated",
        "functions",
        "returning",
        "stars",
        "blobs",
        "semi",
        "further"
      })
  void queriesGiveTheRowsOfDuckDb(String name) throws Exception {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (InputStream in =
            Objects.requireNonNull(
                WrittenQueriesTest.class.getResourceAsStream("/queries/" + name + ".sql"), name);
        WrittenQueries w =
            new WrittenQueries(new PrintStream(text, true, StandardCharsets.UTF_8))) {
      int bad = w.run(new String(in.readAllBytes(), StandardCharsets.UTF_8), name);
      assertEquals(0, bad, () -> text.toString(StandardCharsets.UTF_8));
      assertTrue(w.compared() > 3, "there is little in " + name);
    }
  }
}
