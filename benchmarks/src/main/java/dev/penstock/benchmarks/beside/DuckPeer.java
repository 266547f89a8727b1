package dev.penstock.benchmarks.beside;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** DuckDB in this process, by JDBC. */
public final class DuckPeer implements Peer {
  private final DuckDBConnection connection;

  private DuckPeer(DuckDBConnection connection) {
    this.connection = connection;
  }

  /** An empty database in memory. */
  public static DuckPeer open(int threads) throws SQLException {
    DuckPeer peer = new DuckPeer((DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:"));
    peer.execute("set threads = " + threads);
    return peer;
  }

  /** The tables are views over the Parquet files of a folder; or copies of them, native tables. */
  public static DuckPeer over(Path folder, List<String> tables, int threads, boolean copied)
      throws SQLException {
    DuckPeer peer = open(threads);
    for (String table : tables) {
      Path file = folder.resolve(table + ".parquet");
      Path from = Files.exists(file) ? file : folder.resolve(table).resolve("*.parquet");
      peer.execute(
          (copied ? "create table " : "create view ")
              + table
              + " as select * from read_parquet('"
              + from.toString().replace("'", "''")
              + "')");
    }
    return peer;
  }

  /** One more connection to the same database, for another thread. */
  public DuckPeer again() throws SQLException {
    return new DuckPeer(connection.duplicate());
  }

  /** A statement without rows. */
  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public String name() {
    return "duckdb";
  }

  @Override
  public Answer answer(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return answer(result);
    }
  }

  /** All rows of a result of JDBC. */
  public static Answer answer(ResultSet result) throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    int n = result.getMetaData().getColumnCount();
    while (result.next()) {
      List<@Nullable Object> row = new ArrayList<>();
      for (int c = 1; c <= n; c++) {
        row.add(result.getObject(c));
      }
      rows.add(row);
    }
    return new Answer(rows);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
