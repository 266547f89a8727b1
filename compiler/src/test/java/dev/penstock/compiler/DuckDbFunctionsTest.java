package dev.penstock.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Interval;
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
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scalar functions mean what they mean in DuckDB: the expressions of {@code duckdb/*.txt} over the
 * rows of {@code duckdb/table.sql}, errors as null on both sides.
 */
@Timeout(120)
class DuckDbFunctionsTest {
  private static final Pattern INTERVAL_PART =
      Pattern.compile("(-?\\d+) (year|month|day)s?|(-?)(\\d+):(\\d\\d):(\\d\\d)(\\.\\d{1,6})?");

  private static Connection duck;
  private static Engine engine;

  @BeforeAll
  static void open() throws SQLException, IOException {
    duck = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duck.createStatement()) {
      statement.execute("set TimeZone = 'UTC'");
      statement.execute(resource("table.sql"));
    }
    engine = Engine.create(EngineOptions.defaults().withWorkers(1));
    engine.catalog().add("v", table());
  }

  @AfterAll
  static void close() throws SQLException {
    assertEquals(0, engine.budget().usedBytes());
    engine.close();
    duck.close();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DuckDbFunctionsTest.class.getResourceAsStream("duckdb/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static BatchSource table() throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery("select * from v order by n")) {
      ResultSetMetaData columns = rows.getMetaData();
      List<Field> fields = new ArrayList<>();
      for (int c = 1; c <= columns.getColumnCount(); c++) {
        fields.add(new Field(columns.getColumnName(c), type(columns.getColumnTypeName(c)), true));
      }
      List<List<@Nullable Object>> values = new ArrayList<>();
      while (rows.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int c = 1; c <= fields.size(); c++) {
          row.add(value(rows, c));
        }
        values.add(row);
      }
      return BatchSource.ofRows(new Schema(fields), values);
    }
  }

  private static DataType type(String duckType) {
    return switch (duckType) {
      case "INTEGER" -> DataType.INT32;
      case "BIGINT" -> DataType.INT64;
      case "DOUBLE" -> DataType.FLOAT64;
      case "TIMESTAMP WITH TIME ZONE" -> DataType.TIMESTAMPTZ;
      default -> DataType.parse(duckType.toLowerCase(Locale.ROOT));
    };
  }

  /** A value of DuckDB as our host value. */
  private static @Nullable Object value(ResultSet rows, int column) throws SQLException {
    String type = rows.getMetaData().getColumnTypeName(column);
    Object value =
        type.equals("TIMESTAMP")
            ? rows.getObject(column, LocalDateTime.class)
            : type.equals("BLOB") ? rows.getBytes(column) : rows.getObject(column);
    if (value instanceof OffsetDateTime t) {
      return t.toInstant();
    }
    return value != null && type.equals("INTERVAL") ? interval(value.toString()) : value;
  }

  /** Reads {@code 1 year 2 months 3 days 04:05:06.5}. */
  private static Interval interval(String text) {
    int months = 0;
    int days = 0;
    long micros = 0;
    Matcher part = INTERVAL_PART.matcher(text);
    while (part.find()) {
      if (part.group(2) == null) {
        long seconds =
            Long.parseLong(part.group(4)) * 3600
                + Long.parseLong(part.group(5)) * 60
                + Long.parseLong(part.group(6));
        String fraction = part.group(7) == null ? "0" : "0" + part.group(7);
        micros = new BigDecimal(fraction).movePointRight(6).longValueExact() + seconds * 1_000_000;
        micros = part.group(3).isEmpty() ? micros : -micros;
      } else {
        int n = Integer.parseInt(part.group(1));
        switch (part.group(2)) {
          case "year" -> months += 12 * n;
          case "month" -> months += n;
          default -> days += n;
        }
      }
    }
    return new Interval(months, days, micros);
  }

  private static List<@Nullable Object> expected(String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery("select try(" + sql + ") from v order by n")) {
      List<@Nullable Object> out = new ArrayList<>();
      while (rows.next()) {
        out.add(value(rows, 1));
      }
      return out;
    }
  }

  private static List<@Nullable Object> actual(String expression) {
    String plan = "(project+ [[r (try " + expression + ")]] (sort+ [n] (table+ v)))";
    try (Result result = engine.run(plan)) {
      List<@Nullable Object> out = new ArrayList<>();
      for (Object[] row : result.rows()) {
        out.add(row[0]);
      }
      return out;
    }
  }

  /** Numbers of any type are compared by value, floats up to the last digits. */
  private static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      if (x instanceof Double || y instanceof Double) {
        double u = x.doubleValue();
        double v = y.doubleValue();
        return Double.compare(u, v) == 0
            || u == v
            || Math.abs(u - v) <= 1e-12 * Math.max(Math.abs(u), Math.abs(v));
      }
      return new BigDecimal(x.toString()).compareTo(new BigDecimal(y.toString())) == 0;
    }
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.equals(x, y);
    }
    return a == null ? b == null : a.equals(b) || (b != null && text(a).equals(text(b)));
  }

  private static String text(Object value) {
    return value instanceof Instant ? "instant " + value : String.valueOf(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"numbers.txt", "text.txt", "times.txt", "casts.txt"})
  void expressionsMeanWhatTheyMeanInDuckDb(String file) throws Exception {
    List<String> wrong = new ArrayList<>();
    int pairs = 0;
    for (String line : resource(file).split("\n")) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] pair = line.split(" ;; ", 2);
      pairs++;
      try {
        compare(pair[0], pair[1], wrong);
      } catch (SQLException | RuntimeException e) {
        wrong.add(line + "\n  " + e.getMessage());
      }
    }
    assertEquals("", String.join("\n", wrong), wrong.size() + " of " + pairs + " differ");
  }

  private static void compare(String expression, String sql, List<String> wrong)
      throws SQLException {
    List<@Nullable Object> expected = expected(sql);
    List<@Nullable Object> actual = actual(expression);
    for (int n = 0; n < expected.size(); n++) {
      if (!same(expected.get(n), actual.get(n))) {
        wrong.add(
            expression
                + "\n  row "
                + n
                + ": DuckDB's "
                + sql
                + " is "
                + expected.get(n)
                + ", ours "
                + actual.get(n));
      }
    }
  }
}
