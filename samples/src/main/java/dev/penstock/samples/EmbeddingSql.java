package dev.penstock.samples;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.EngineOptions;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.CatalogFile;
import dev.penstock.sql.SqlSession;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * SQL inside a Java program: files as tables, parameters, a table in memory, a catalog file, and
 * what a mistake looks like.
 */
public final class EmbeddingSql {
  private EmbeddingSql() {}

  /**
   * @param args the folder of the sample data; the default is that of this repository, seen from
   *     its root
   */
  public static void main(String[] args) {
    run(Path.of(args.length == 0 ? "samples" : args[0]), System.out);
  }

  /** Prints what the statements give. */
  static void run(Path data, PrintStream out) {
    EngineOptions options = EngineOptions.defaults().withWorkers(2).withBaseDirectory(data, true);
    try (Engine engine = Engine.create(options)) {
      SqlSession sql = new SqlSession(engine);
      adults(sql, out);
      young(sql, out);
      CatalogFile.load(data.resolve("penstock.edn"), sql);
      best(sql, out);
      mistake(sql, out);
    }
  }

  /** Files in FROM, a value for the question mark; the result row by row. */
  private static void adults(SqlSession sql, PrintStream out) {
    String query =
        """
        SELECT Name, DeptName
        FROM 'people/empl.csv' JOIN 'people/dept.csv' USING (DeptID)
        WHERE Age > ?
        ORDER BY Name
        """;
    try (Result result = sql.execute(query, 30)) {
      for (Object[] row : result.rows()) {
        out.println(row[0] + " works in " + row[1]);
      }
    }
  }

  /** A table in memory, which the program fills and changes. */
  private static void young(SqlSession sql, PrintStream out) {
    done(sql, out, "CREATE TABLE young AS SELECT Name, Age FROM 'people/empl.csv' WHERE Age < 30");
    done(sql, out, "INSERT INTO young VALUES ('Gil', 3)");
    done(sql, out, "UPDATE young SET Age = Age + 1 WHERE Age < 10");
    try (Result result = sql.execute("SELECT * FROM young ORDER BY Age")) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        for (int i = 0; i < batch.count(); i++) {
          out.println(Arrays.toString(batch.row(i)));
        }
      }
    }
  }

  /** What is no query gives one row: how many rows it was about, or what was done. */
  private static void done(SqlSession sql, PrintStream out, String statement) {
    try (Result result = sql.execute(statement)) {
      out.println(result.rows().get(0)[0] + " rows");
    }
  }

  /** Tables of the catalog file. */
  private static void best(SqlSession sql, PrintStream out) {
    try (Result result = sql.execute("FROM best_customers LIMIT 1")) {
      result.rows().forEach(row -> out.println(Arrays.toString(row)));
    }
  }

  /** Errors are one exception type, with one line for a person. */
  private static void mistake(SqlSession sql, PrintStream out) {
    try {
      sql.execute("SELECT Name FROM employees WHERE Agee > 20").close();
    } catch (PenstockException e) {
      out.println(e.category() + ": " + e.getMessage());
    }
  }
}
