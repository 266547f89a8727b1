package dev.penstock.sql.tpch;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * The plans of the 22 queries after rewriting, as golden files; {@code -Dgolden.write=true} writes
 * them.
 */
class TpchPlansTest {
  private static final Path GOLDEN = Path.of("src/test/golden/tpch");

  @Test
  void plansAreThoseOfTheGoldenFiles() throws IOException {
    TpchFiles.folder();
    List<Executable> checks = new ArrayList<>();
    try (Engine engine = TpchSqlTest.engine(1)) {
      SqlSession sql = new SqlSession(engine);
      for (int q = 1; q <= 22; q++) {
        String plan = rewritten(sql, q);
        Path file = GOLDEN.resolve("q%02d.edn".formatted(q));
        if (Boolean.getBoolean("golden.write")) {
          Files.createDirectories(GOLDEN);
          Files.writeString(file, plan);
        }
        String expected = Files.readString(file);
        String name = "query " + q;
        checks.add(() -> assertEquals(expected, plan, name));
      }
    }
    assertAll(checks);
  }

  private static String rewritten(SqlSession sql, int q) {
    return sql.prepare(SqlSession.statements(TpchFiles.query(q), "").get(0)).rewritten() + "\n";
  }

  /** Three joins of its FROM, one for nation, and one each for EXISTS and NOT EXISTS. */
  @Test
  void query21HasNoMoreJoinsThanItsText() {
    TpchFiles.folder();
    try (Engine engine = TpchSqlTest.engine(1)) {
      String plan = rewritten(new SqlSession(engine), 21);
      assertTrue(plan.split("join\\+", -1).length - 1 <= 6, plan);
    }
  }
}
