package dev.penstock.benchmarks.tpch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DuckDB in this process, by JDBC: the tables are views over the files. */
final class DuckPeer implements Peer {
  private final Connection connection;

  DuckPeer(Path folder, List<String> tables, int threads) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement sql = connection.createStatement()) {
      sql.execute("set threads = " + threads);
      for (String table : tables) {
        Path file = folder.resolve(table + ".parquet");
        Path from = Files.exists(file) ? file : folder.resolve(table).resolve("*.parquet");
        sql.execute(
            "create view "
                + table
                + " as select * from read_parquet('"
                + from.toString().replace("'", "''")
                + "')");
      }
    }
  }

  @Override
  public String name() {
    return "duckdb";
  }

  @Override
  public Answer answer(String text) throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(text)) {
      int n = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int c = 1; c <= n; c++) {
          row.add(result.getObject(c));
        }
        rows.add(row);
      }
    }
    return new Answer(rows);
  }

  @Override
  public double millis(String text) throws SQLException {
    long start = System.nanoTime();
    answer(text);
    return (System.nanoTime() - start) / 1e6;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
