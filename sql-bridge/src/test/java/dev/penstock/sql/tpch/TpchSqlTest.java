package dev.penstock.sql.tpch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.sql.SqlSession;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers at SF 0.01: decimals and texts exactly, doubles to 1e-9, one worker and four. */
@Tag("least")
class TpchSqlTest {
  static Engine engine(int workers) {
    Engine engine = Engine.create(EngineOptions.defaults().withWorkers(workers));
    for (String table : TpchFiles.TABLES) {
      engine.catalog().add(table, engine.table("tpch/" + table, Map.of("sf", TpchFiles.SCALE)));
    }
    return engine;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void allAnswersAreRight(int workers) {
    TpchFiles.folder();
    try (Engine engine = engine(workers)) {
      SqlSession sql = new SqlSession(engine);
      for (int q = 1; q <= 22; q++) {
        List<List<@Nullable String>> expected = TpchFiles.answer(q);
        try (Result result = sql.execute(TpchFiles.query(q))) {
          List<@Nullable Object[]> rows = result.rows();
          assertEquals(expected.size(), rows.size(), "rows of query " + q);
          for (int i = 0; i < rows.size(); i++) {
            check("query " + q + ", row " + i, expected.get(i), rows.get(i));
          }
        }
      }
    }
  }

  private static void check(String where, List<@Nullable String> expected, @Nullable Object[] row) {
    assertEquals(expected.size(), row.length, where);
    for (int i = 0; i < row.length; i++) {
      String at = where + ", column " + i;
      Object value = row[i];
      String want = expected.get(i);
      if (value == null || want == null) {
        assertEquals(want, value, at);
      } else if (value instanceof Double d) {
        double wanted = Double.parseDouble(want);
        assertTrue(
            Math.abs(d - wanted) <= 1e-9 * Math.abs(wanted), at + ": " + d + ", not " + want);
      } else if (value instanceof BigDecimal d) {
        assertEquals(0, d.compareTo(new BigDecimal(want)), at + ": " + d + ", not " + want);
      } else {
        // the answers were written without spaces at the ends of texts
        assertEquals(want.strip(), value.toString().strip(), at);
      }
    }
  }
}
