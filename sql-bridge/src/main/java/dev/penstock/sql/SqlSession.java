package dev.penstock.sql;

import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.SqlPlanner;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.text.Tokenizer;
import dev.penstock.sql.translate.Translator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  public SqlSession(Engine engine) {
    this(engine, new SqlCatalog(engine));
  }

  public SqlSession(Engine engine, SqlCatalog catalog) {
    this.engine = engine;
    this.catalog = catalog;
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

  /** Runs one statement. Blocking while it plans. */
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

  /** Runs a statement of a script. */
  public Result execute(Statement statement, @Nullable Object... parameters) {
    return engine.run(prepare(statement, parameters));
  }

  /** The prepared plan of a query. */
  public Prepared prepare(Statement query, @Nullable Object... parameters) {
    return engine.prepare(plan(query, parameters));
  }

  /** The plan of a query, as plan data. */
  public Object plan(Statement query, @Nullable Object... parameters) {
    SqlPlanner planner = new SqlPlanner(catalog, settings.integerDivision());
    return Translator.plan(
        planner.plan(
            query.text(),
            query.source(),
            new ArrayList<>(query.tokens()),
            Arrays.asList(parameters)));
  }
}
