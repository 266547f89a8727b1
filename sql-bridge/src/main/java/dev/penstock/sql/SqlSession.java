package dev.penstock.sql;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.compiler.queries.QueryOptions;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.Parameters;
import dev.penstock.sql.calcite.Preload;
import dev.penstock.sql.calcite.SqlPlanner;
import dev.penstock.sql.statement.Commands;
import dev.penstock.sql.statement.Work;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.text.Tokenizer;
import dev.penstock.sql.translate.Translator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * SQL on an engine: text in, result out.
 *
 * <pre>{@code
 * try (Engine engine = Engine.create()) {
 *   SqlSession sql = new SqlSession(engine);
 *   try (Result result = sql.execute("SELECT count(*) FROM 'orders.csv' WHERE price > ?", 10)) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>For one thread at a time; sessions may share a {@link SqlCatalog}. Nothing to close.
 */
public final class SqlSession {
  private final Engine engine;
  private final SqlCatalog catalog;
  private final Settings settings = new Settings();
  private Consumer<Result> watcher = result -> {};

  public SqlSession(Engine engine) {
    this(engine, new SqlCatalog(engine));
  }

  public SqlSession(Engine engine, SqlCatalog catalog) {
    this.engine = engine;
    this.catalog = catalog;
  }

  /**
   * Begins to load what the first query of a process needs; returns at once. For programs that have
   * something else to do until then: see {@link Engine#load}.
   */
  public static void load() {
    Engine.load();
    Preload.begin();
  }

  public Engine engine() {
    return engine;
  }

  public SqlCatalog catalog() {
    return catalog;
  }

  public Settings settings() {
    return settings;
  }

  /**
   * What holds for the statements to come: owner, timeouts, memory, priority. Their text is their
   * own. SET changes some of it.
   */
  public QueryOptions options() {
    return settings.options();
  }

  /** Sets {@link #options}, and what RESET makes of them. */
  public void setOptions(QueryOptions ofStatements) {
    settings.options(ofStatements);
  }

  /** Runs one statement: see {@link #execute(Statement, Object...)}. */
  public Result execute(String statement, @Nullable Object... parameters) {
    List<Statement> all = statements(statement, "");
    if (all.size() != 1) {
      throw PenstockException.incorrect(
          "sql-statements",
          "expected one statement, got " + all.size() + "; run them one by one, or as a script");
    }
    return execute(all.get(0), parameters);
  }

  /**
   * The statements of a script, in order.
   *
   * @param source stands before line and column in messages: a file's name, or empty
   */
  public static List<Statement> statements(String text, String source) {
    List<Statement> out = new ArrayList<>();
    for (List<Token> tokens : Tokenizer.statements(text, source)) {
      out.add(new Statement(text, source, tokens));
    }
    return out;
  }

  /**
   * Runs a statement of a script. A query runs on while its result is taken; what changes tables or
   * writes files is done when this returns, and its result is one row that says so.
   */
  public Result execute(Statement statement, @Nullable Object... parameters) {
    Query query = engine.queries().begin(options().withText(statement.written()));
    return execute(query, statement, parameters);
  }

  /**
   * The same as a query that the caller has begun, so that it can be seen and cancelled from there
   * on. This finishes it, whatever happens: it ends when the result does.
   */
  public Result execute(Query query, Statement statement, @Nullable Object... parameters) {
    try {
      Result result = run(query, statement, parameters);
      query.finish(null);
      return result;
    } catch (Throwable e) {
      query.finish(e);
      throw e;
    }
  }

  private Result run(Query query, Statement statement, @Nullable Object... parameters) {
    if (parameters.length != statement.parameters()) {
      throw PenstockException.incorrect(
          "sql-parameters",
          "the statement has "
              + counted(statement.parameters(), "parameter")
              + ", got "
              + counted(parameters.length, "value"));
    }
    Preload.await();
    return Commands.read(statement)
        .run(
            new Work(
                engine, catalog, settings, statement, Arrays.asList(parameters), watcher, query));
  }

  private static String counted(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  /**
   * Who wants to know of the queries that run within a statement, before it gives its own result:
   * those of INSERT, COPY, EXPLAIN ANALYZE ... To show their progress, and to cancel them.
   */
  public void watch(Consumer<Result> newWatcher) {
    watcher = newWatcher;
  }

  /** The prepared plan of a query. */
  public Prepared prepare(Statement query, @Nullable Object... parameters) {
    Preload.await();
    return catalog.prepared(
        query,
        Arrays.asList(parameters),
        settings,
        (tokens, given) -> plan(new Statement(query.text(), query.source(), tokens), given),
        engine::prepare);
  }

  /** The plan of a query, as plan data. */
  public Object plan(Statement query, @Nullable Object... parameters) {
    Preload.await();
    return plan(query, Parameters.literals(Arrays.asList(parameters)));
  }

  private Object plan(Statement query, Parameters parameters) {
    CancellationToken never = new CancellationToken();
    SqlPlanner planner = new SqlPlanner(catalog, settings, never);
    return Translator.plan(
        planner.plan(query.text(), query.source(), new ArrayList<>(query.tokens()), parameters),
        never);
  }
}
