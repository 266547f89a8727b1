package dev.penstock.sql.statement;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What scripts give. */
final class ScriptRows {
  private ScriptRows() {}

  /** The rows of the last statement of a script, a line each. */
  static String rows(SqlSession sql, String script) {
    String out = "";
    for (Statement s : SqlSession.statements(script, "")) {
      try (Result result = sql.execute(s)) {
        out =
            result.rows().stream()
                .map(r -> Arrays.stream(r).map(String::valueOf).collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
      }
    }
    return out;
  }

  static PenstockException error(SqlSession sql, String script) {
    return assertThrows(PenstockException.class, () -> rows(sql, script), script);
  }
}
