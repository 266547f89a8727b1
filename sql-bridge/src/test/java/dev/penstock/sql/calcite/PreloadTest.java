package dev.penstock.sql.calcite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Result;
import dev.penstock.sql.SqlSession;
import org.junit.jupiter.api.Test;

/** What is loaded ahead of a first query goes all the way, and a query waits for it. */
class PreloadTest {
  @Test
  void itsQueryIsOne() throws Exception {
    assertTrue(Preload.query());
  }

  @Test
  void aQueryWaitsForIt() {
    SqlSession.load();
    try (Engine engine = Engine.create();
        Result result = new SqlSession(engine).execute("SELECT 1 AS n")) {
      assertEquals("1", String.valueOf(result.rows().get(0)[0]));
    }
  }
}
