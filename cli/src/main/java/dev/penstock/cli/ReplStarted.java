package dev.penstock.cli;

import dev.penstock.batch.Batch;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.sources.text.ByteOutput;
import dev.penstock.sql.SqlSession;
import dev.penstock.sql.Statement;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Queries that run while a person types on, each until its end: then its first rows are shown.
 *
 * <p>Concurrency: each has a thread and a session of its own; the ids are a concurrent set.
 */
final class ReplStarted {
  private static final String START = ":start";

  private final Engine engine;
  private final Consumer<String> shows;
  private final Set<Long> ids = ConcurrentHashMap.newKeySet();

  /**
   * @param shows takes lines of text, on any thread
   */
  ReplStarted(Engine engine, Consumer<String> shows) {
    this.engine = engine;
    this.shows = shows;
  }

  /** Whether a line is this command. */
  static boolean isStart(String line) {
    return line.equals(START) || line.startsWith(START + " ");
  }

  /** What is behind the command. */
  static String text(String line) {
    return line.substring(START.length()).strip();
  }

  /** Whether a query was started here and has not ended. */
  boolean has(Query query) {
    return ids.contains(query.id());
  }

  /**
   * Starts a statement.
   *
   * @param like has the tables and the options
   * @return a line that says so
   */
  String sql(String text, SqlSession like, int columns) {
    List<Statement> statements = SqlSession.statements(text, "");
    if (statements.size() != 1) {
      return "expected :start and one statement, got " + statements.size();
    }
    SqlSession session = new SqlSession(engine, like.catalog());
    session.setOptions(like.options());
    return start(
        session.options().withText(text),
        query -> session.execute(query, statements.get(0)),
        columns);
  }

  /** Starts a plan as it is written: names of the session are none of its. */
  String plan(String text, int columns) {
    if (text.isEmpty()) {
      return "expected :start and a plan, as in :start (table+ \"people.csv\")";
    }
    return start(
        QueryOptions.defaults().withText(text),
        query -> {
          try {
            Result result = engine.run(engine.prepare(text, "plan", query), query);
            query.finish(null);
            return result;
          } catch (Throwable e) {
            query.finish(e);
            throw e;
          }
        },
        columns);
  }

  private String start(QueryOptions options, Function<Query, Result> runs, int columns) {
    Query query = engine.queries().begin(options);
    ids.add(query.id());
    Thread thread = new Thread(() -> run(query, runs, columns), "penstock-started");
    thread.setDaemon(true);
    thread.start();
    return "query " + query.id() + " runs; :queries shows it, :cancel " + query.id() + " stops it";
  }

  private void run(Query query, Function<Query, Result> runs, int columns) {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    String told;
    try (Result result = runs.apply(query);
        TableSink sink =
            new TableSink(
                result.schema(),
                ByteOutput.to(new PrintStream(rows, true, StandardCharsets.UTF_8)),
                columns)) {
      for (Batch batch = result.next(); batch != null; batch = result.next()) {
        sink.write(batch);
      }
      sink.finish();
      told = "query " + query.id() + ":\n" + rows.toString(StandardCharsets.UTF_8);
    } catch (RuntimeException e) {
      told = "query " + query.id() + ": " + Commands.line(e) + "\n";
    } finally {
      ids.remove(query.id());
    }
    shows.accept(told);
  }
}
