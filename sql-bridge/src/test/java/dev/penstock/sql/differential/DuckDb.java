package dev.penstock.sql.differential;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DuckDB, in memory. */
final class DuckDb implements AutoCloseable {
  private final Connection connection;

  DuckDb() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET TimeZone = 'UTC'");
    execute("SET threads = 1");
  }

  private void execute(String sql) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(sql);
    }
  }

  void load(List<Table> tables) throws SQLException {
    for (Table t : tables) {
      execute(t.ddl());
      if (!t.rows().isEmpty()) {
        execute(t.insert());
      }
    }
  }

  Answer run(Written query, Watch watch) {
    try (PreparedStatement s = connection.prepareStatement(query.sql());
        Watch.Turn turn =
            watch.start(
                () -> {
                  try {
                    s.cancel();
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                })) {
      for (int i = 0; i < query.parameters().size(); i++) {
        s.setObject(i + 1, query.parameters().get(i));
      }
      try (ResultSet r = s.executeQuery()) {
        List<@Nullable Object[]> rows = rows(r);
        return rows.size() > MOST_ROWS ? new Answer.Slow() : new Answer.Rows(rows);
      } catch (SQLException e) {
        return turn.isLate() ? new Answer.Slow() : failure(e);
      }
    } catch (SQLException e) {
      return failure(e);
    }
  }

  /** A query with more rows is not compared. */
  private static final int MOST_ROWS = 200_000;

  private static Answer failure(SQLException e) {
    String message = String.valueOf(e.getMessage());
    boolean refused =
        message.startsWith("Binder Error")
            || message.startsWith("Parser Error")
            || message.startsWith("Catalog Error")
            || message.startsWith("INTERNAL")
            || message.contains("BindBuiltinScalarFunction did not return")
            || message.startsWith("Not implemented");
    return new Answer.Failure(refused, message);
  }

  private static List<@Nullable Object[]> rows(ResultSet r) throws SQLException {
    int n = r.getMetaData().getColumnCount();
    boolean[] timestamp = new boolean[n];
    for (int i = 0; i < n; i++) {
      timestamp[i] = r.getMetaData().getColumnTypeName(i + 1).equals("TIMESTAMP");
    }
    List<@Nullable Object[]> out = new ArrayList<>();
    while (out.size() <= MOST_ROWS && r.next()) {
      @Nullable Object[] row = new Object[n];
      for (int i = 0; i < n; i++) {
        row[i] = timestamp[i] ? r.getObject(i + 1, LocalDateTime.class) : r.getObject(i + 1);
        if (row[i] instanceof BigInteger b) {
          row[i] = new java.math.BigDecimal(b);
        }
      }
      out.add(row);
    }
    return out;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
