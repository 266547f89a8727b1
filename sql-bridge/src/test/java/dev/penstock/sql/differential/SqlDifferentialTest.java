package dev.penstock.sql.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random SQL means what it means in DuckDB. */
@Tag("least")
@Timeout(300)
final class SqlDifferentialTest {
  private static final long SEED = 20261121;
  private static final int QUERIES = 500 / Integer.getInteger("penstock.test.fewer", 2);

  @Test
  void randomQueriesGiveTheRowsOfDuckDb() throws Exception {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (Differential d = new Differential(new PrintStream(text, true, StandardCharsets.UTF_8))) {
      assertEquals(0, d.run(SEED, 0, QUERIES, false), () -> text.toString(StandardCharsets.UTF_8));
      assertTrue(
          d.compared() >= QUERIES * 9 / 10,
          () -> "too few had rows to compare: " + text.toString(StandardCharsets.UTF_8));
      assertTrue(
          d.shared() >= QUERIES / 50,
          () -> "too few were run by a plan of other constants: " + d.shared());
    }
  }
}
