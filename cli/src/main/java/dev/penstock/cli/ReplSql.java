package dev.penstock.cli;

import dev.penstock.compiler.Result;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** The SQL side of the REPL: runs what was typed and shows it. */
final class ReplSql {
  private final SqlSession session;
  private final PrintWriter out;

  ReplSql(SqlSession session, PrintWriter out) {
    this.session = session;
    this.out = out;
  }

  SqlSession session() {
    return session;
  }

  /**
   * Runs statements up to the first that fails, which throws.
   *
   * @param running is told of each query that runs
   * @param table shows rows
   */
  void run(String text, Consumer<Result> running, Consumer<Result> table) {
    session.watch(running);
    for (Statement statement : SqlSession.statements(text, "")) {
      try (Result result = session.execute(statement)) {
        running.accept(result);
        switch (statement.gives()) {
          case ROWS -> table.accept(result);
          case TEXT -> result.rows().forEach(row -> out.println(row[0]));
          case STATUS ->
              result.rows().forEach(row -> out.println("(" + SqlScript.status(row[0]) + ")"));
        }
      }
    }
  }
}
