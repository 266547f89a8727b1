package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.sources.memory.BatchSource;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Aggregates and window functions mean what they mean in DuckDB: the pairs of {@code
 * duckdb/aggregates.txt} and {@code duckdb/windows.txt} over the rows of {@code
 * duckdb/aggregates.sql}.
 */
@Tag("least")
@Timeout(120)
class DuckDbAggregatesTest {
  private static Connection duck;
  private static Engine engine;

  @BeforeAll
  static void open() throws SQLException, IOException {
    duck = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duck.createStatement()) {
      statement.execute("set TimeZone = 'UTC'");
      statement.execute(resource("aggregates.sql"));
    }
    engine = Engine.create(EngineOptions.defaults().withWorkers(3).withBatchRows(100));
    engine.catalog().add("a", table());
  }

  @AfterAll
  static void close() throws SQLException {
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
    duck.close();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DuckDbAggregatesTest.class.getResourceAsStream("duckdb/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static BatchSource table() throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery("select * from a order by r")) {
      ResultSetMetaData columns = rows.getMetaData();
      List<Field> fields = new ArrayList<>();
      for (int c = 1; c <= columns.getColumnCount(); c++) {
        fields.add(new Field(columns.getColumnName(c), type(columns.getColumnTypeName(c)), true));
      }
      return BatchSource.ofRows(new Schema(fields), read(rows));
    }
  }

  private static DataType type(String duckType) {
    return switch (duckType) {
      case "INTEGER" -> DataType.INT32;
      case "BIGINT" -> DataType.INT64;
      case "DOUBLE" -> DataType.FLOAT64;
      default -> DataType.parse(duckType.toLowerCase(Locale.ROOT));
    };
  }

  private static List<List<@Nullable Object>> read(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    List<List<@Nullable Object>> out = new ArrayList<>();
    while (rows.next()) {
      List<@Nullable Object> row = new ArrayList<>();
      for (int c = 1; c <= columns.getColumnCount(); c++) {
        row.add(
            columns.getColumnTypeName(c).equals("TIMESTAMP")
                ? rows.getObject(c, LocalDateTime.class)
                : rows.getObject(c));
      }
      out.add(row);
    }
    return out;
  }

  private static List<List<@Nullable Object>> expected(String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return read(rows);
    }
  }

  private static List<Object[]> actual(String plan) {
    try (Result result = engine.run(plan)) {
      return result.rows();
    }
  }

  private interface Pair {
    void compare(String ours, String theirs) throws SQLException;
  }

  private static final List<String> WRONG = new ArrayList<>();

  private static void eachPair(String file, Pair pair) throws IOException {
    WRONG.clear();
    int pairs = 0;
    for (String line : resource(file).split("\n")) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] sides = line.split(" ;; ", 2);
      pairs++;
      try {
        pair.compare(sides[0], sides[1]);
      } catch (SQLException | RuntimeException e) {
        WRONG.add(line + "\n  " + e.getMessage());
      }
    }
    assertEquals("", String.join("\n", WRONG), WRONG.size() + " differences in " + pairs);
  }

  private static void compare(String ours, String sql, String plan) throws SQLException {
    List<List<@Nullable Object>> expected = expected(sql);
    List<Object[]> actual = actual(plan);
    if (expected.size() != actual.size()) {
      WRONG.add(ours + ": " + expected.size() + " rows there, " + actual.size() + " here");
      return;
    }
    for (int row = 0; row < expected.size(); row++) {
      for (int c = 0; c < expected.get(row).size(); c++) {
        Object a = expected.get(row).get(c);
        Object b = actual.get(row)[c];
        if (!same(a, b)) {
          WRONG.add(ours + "\n  row " + expected.get(row) + ": DuckDB has " + a + ", we " + b);
          return;
        }
      }
    }
  }

  /** Numbers of any type are compared by value, floats up to the last digits. */
  private static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      if (x instanceof Double || y instanceof Double) {
        double u = x.doubleValue();
        double v = y.doubleValue();
        return Double.compare(u, v) == 0
            || Math.abs(u - v) <= 1e-9 * Math.max(1, Math.max(Math.abs(u), Math.abs(v)));
      }
      return new BigDecimal(x.toString()).compareTo(new BigDecimal(y.toString())) == 0;
    }
    return a == null ? b == null : b != null && a.toString().equals(b.toString());
  }

  @Test
  void aggregatesMeanWhatTheyMeanInDuckDb() throws IOException {
    eachPair(
        "aggregates.txt",
        (ours, theirs) -> {
          compare(
              ours,
              "select g, " + theirs + " from a group by g order by g",
              "(sort+ [g] (group+ [g] [[v " + ours + "]] (table+ a)))");
          compare(
              ours, "select " + theirs + " from a", "(group+ [] [[v " + ours + "]] (table+ a))");
        });
  }

  @Test
  void windowsMeanWhatTheyMeanInDuckDb() throws IOException {
    eachPair(
        "windows.txt",
        (ours, theirs) ->
            compare(
                ours,
                "select r, " + theirs + " from a order by r",
                "(sort+ [r] (project+ [r v] (window+ [[v " + ours + "]] (table+ a))))"));
  }

  @Test
  void groupingSetsMeanWhatTheyMeanInDuckDb() throws SQLException {
    WRONG.clear();
    compare(
        "grouping sets",
        "select g, k, grouping(g, k), grouping(k), count(*), sum(distinct i), count(distinct s)"
            + " filter (r > 100) from a group by grouping sets ((g, k), (g), (), (k))"
            + " order by 3, 1, 2",
        "(project+ [g k gr gk n d c] (sort+ [gr g k] (group+ [g k] [[gr (grouping g k)] [gk (grouping k)] [n (count)]"
            + " [d (sum i {:distinct true})] [c (count s {:distinct true :filter (> r 100)})]]"
            + " (table+ a) {:sets [[g k] [g] [] [k]]})))");
    assertEquals("", String.join("\n", WRONG));
  }

  @Test
  void approximateCountsAreNear() {
    Object[] row =
        actual(
                "(group+ [] [[a (approx-count-distinct r)] [b (approx-count-distinct s)]] (table+ a))")
            .get(0);
    assertEquals(3000, ((Number) row[0]).doubleValue(), 3000 * 0.08);
    assertEquals(23, ((Number) row[1]).doubleValue(), 1);
  }

  @Test
  void seriesMeanWhatTheyMeanInDuckDb() throws SQLException {
    WRONG.clear();
    compare(
        "series+ of numbers", "select * from generate_series(10, -7, -3)", "(series+ x 10 -7 -3)");
    compare(
        "series+ without its stop",
        "select * from range(1, 7, 2)",
        "(series+ x 1 7 2 {:exclusive true})");
    compare(
        "series+ of timestamps",
        "select * from generate_series(timestamp '2024-01-31', timestamp '2024-12-01', interval 1 month)",
        "(series+ x #timestamp \"2024-01-31T00:00:00\" #timestamp \"2024-12-01T00:00:00\" #interval \"P1M\")");
    assertEquals("", String.join("\n", WRONG));
  }
}
