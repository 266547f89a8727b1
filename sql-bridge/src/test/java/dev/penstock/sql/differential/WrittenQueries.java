package dev.penstock.sql.differential;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Result;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import dev.penstock.sql.text.Token;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scripts of queries that somebody wrote, run by both engines. {@code main} takes files of them.
 *
 * <p>Statements that are no queries run on both and must run on both, or fail on both. Rows are
 * compared as texts: lists without blanks and quotes, floats by 12 digits.
 */
final class WrittenQueries implements AutoCloseable {
  private final Connection duckdb;
  private final Engine engine = Engine.create();
  private final SqlSession session = new SqlSession(engine);
  private final PrintStream log;
  private int compared;
  private int refused;

  WrittenQueries(PrintStream log) throws SQLException {
    this.log = log;
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
  }

  public static void main(String[] args) throws Exception {
    for (String file : args) {
      try (WrittenQueries w = new WrittenQueries(System.out)) {
        int bad = w.run(Files.readString(Path.of(file)), file);
        System.out.println(file + ": " + w.compared() + " compared, " + bad + " differ");
      }
    }
  }

  /** How many statements both engines answered. */
  int compared() {
    return compared;
  }

  /** How many of those both engines refused. */
  int refused() {
    return refused;
  }

  /** How many statements differ; each of them is logged. */
  int run(String script, String source) {
    int bad = 0;
    for (Statement s : SqlSession.statements(script, source)) {
      String text = text(script, s.tokens());
      Object ours = ours(s);
      Object theirs = theirs(text);
      boolean failed = ours instanceof Exception || theirs instanceof Exception;
      boolean same =
          failed
              ? ours instanceof Exception && theirs instanceof Exception
              : rows(ours, text).equals(rows(theirs, text)) || !isQuery(text);
      if (same) {
        compared++;
        refused += failed ? 1 : 0;
      } else {
        bad++;
        log.println(text + "\n  ours:   " + shown(ours) + "\n  DuckDB: " + shown(theirs));
      }
    }
    return bad;
  }

  private static String text(String script, List<Token> tokens) {
    return script.substring(tokens.get(0).start(), tokens.get(tokens.size() - 1).end());
  }

  private static boolean isQuery(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    return upper.matches("(?s)\\(*(SELECT|WITH|FROM|VALUES|TABLE)\\b.*")
        || upper.contains(" RETURNING ");
  }

  private static List<String> rows(Object answer, String text) {
    List<String> rows = new ArrayList<>();
    ((List<?>) answer).forEach(r -> rows.add((String) r));
    if (!text.toUpperCase(Locale.ROOT).contains("ORDER BY")) {
      Collections.sort(rows);
    }
    return rows;
  }

  private static String shown(Object answer) {
    return answer instanceof Exception e ? String.valueOf(e.getMessage()) : answer.toString();
  }

  private Object ours(Statement s) {
    try (Result r = session.execute(s)) {
      return r.rows().stream().map(WrittenQueries::row).toList();
    } catch (RuntimeException e) {
      return e;
    }
  }

  private Object theirs(String text) {
    try (java.sql.Statement s = duckdb.createStatement()) {
      if (!s.execute(text)) {
        return List.of();
      }
      List<String> out = new ArrayList<>();
      try (ResultSet r = s.getResultSet()) {
        int n = r.getMetaData().getColumnCount();
        while (r.next()) {
          @Nullable Object[] row = new Object[n];
          for (int i = 0; i < n; i++) {
            row[i] = value(r, i + 1);
          }
          out.add(row(row));
        }
      }
      return out;
    } catch (SQLException e) {
      return e;
    }
  }

  private static @Nullable Object value(ResultSet r, int column) throws SQLException {
    Object v = r.getObject(column);
    if (v instanceof java.sql.Array || v instanceof java.sql.Struct || v instanceof Map) {
      return r.getString(column);
    }
    return v instanceof java.sql.Timestamp ? r.getObject(column, LocalDateTime.class) : v;
  }

  private static String row(@Nullable Object[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> value(values[i]))
        .collect(Collectors.joining(" | "));
  }

  private static String value(@Nullable Object v) {
    if (v instanceof Double || v instanceof Float) {
      double d = ((Number) v).doubleValue();
      return d == Math.rint(d) && Math.abs(d) < 1e15
          ? BigDecimal.valueOf(d).setScale(0).toPlainString()
          : String.format(Locale.ROOT, "%.11e", d);
    }
    if (v instanceof BigDecimal d) {
      return d.signum() == 0 ? "0" : d.stripTrailingZeros().toPlainString();
    }
    if (v instanceof BigInteger || v instanceof Number) {
      return v.toString();
    }
    if (v instanceof LocalDate d) {
      return d.atStartOfDay().toString();
    }
    String text = String.valueOf(v);
    return text.startsWith("[") || text.startsWith("{")
        ? text.replaceAll("[\\s\"']", "").replace("NULL", "null").replace("=", ":")
        : text;
  }

  @Override
  public void close() throws SQLException {
    engine.close();
    duckdb.close();
  }
}
