package dev.penstock.benchmarks.first;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.StringJoiner;

/**
 * What DuckDB's command line would do, by JDBC in a fresh JVM: {@code OneShot DATA SQL_FILE
 * TABLE...} makes a view of each of the tables, runs the query and prints its rows as CSV.
 */
final class OneShot {
  private OneShot() {}

  public static void main(String[] args) throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      for (int i = 2; i < args.length; i++) {
        statement.execute(
            "create view "
                + args[i]
                + " as select * from read_parquet('"
                + args[0]
                + "/"
                + args[i]
                + ".parquet')");
      }
      StringBuilder out = new StringBuilder();
      try (ResultSet rows = statement.executeQuery(Files.readString(Path.of(args[1])))) {
        int n = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          StringJoiner line = new StringJoiner(",", "", "\n");
          for (int c = 1; c <= n; c++) {
            String cell = rows.getString(c);
            line.add(cell == null ? "" : '"' + cell.replace("\"", "\"\"") + '"');
          }
          out.append(line);
        }
      }
      System.out.print(out);
    }
  }
}
