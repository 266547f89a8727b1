package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import dev.penstock.compiler.Result;
import dev.penstock.compiler.queries.Query;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.Settings;
import dev.penstock.sql.SqlCatalog;
import dev.penstock.sql.Statement;
import dev.penstock.sql.calcite.DeepStack;
import dev.penstock.sql.calcite.Parameters;
import dev.penstock.sql.calcite.SqlPlanner;
import dev.penstock.sql.calcite.Tables;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.translate.Form;
import dev.penstock.sql.translate.Translator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a statement works on.
 *
 * @param statement the statement with its text, for places in messages
 * @param parameters values of its question marks
 * @param watcher is told of each query that runs within a statement, so that it can be cancelled
 * @param asked the statement among the engine's queries
 */
public record Work(
    Engine engine,
    SqlCatalog catalog,
    Settings settings,
    Statement statement,
    List<@Nullable Object> parameters,
    Consumer<Result> watcher,
    Query asked) {

  /** Prepares a plan; ends when the statement is cancelled. */
  Prepared prepare(Object plan) {
    return DeepStack.call(statement.tokens().size(), asked, () -> engine.prepare(plan, asked));
  }

  /** Starts a plan as a part of the statement. */
  Result run(Prepared prepared) {
    return engine.run(prepared, asked);
  }

  /** The same, and its profile tells how long each operator took. */
  Result runTimed(Prepared prepared) {
    return engine.runTimed(prepared, asked);
  }

  /** The plan of a query within the statement. */
  Object plan(List<Token> query) {
    return plan(query, catalog);
  }

  /** The same over other tables. */
  Object plan(List<Token> query, Tables tables) {
    return plan(query, tables, Parameters.literals(parameters));
  }

  /** The same with parameters of the plan. */
  Object plan(List<Token> query, Tables tables, Parameters given) {
    return DeepStack.call(
        query.size(),
        asked,
        () ->
            Translator.plan(
                new SqlPlanner(tables, settings, asked.token())
                    .plan(statement.text(), statement.source(), new ArrayList<>(query), given),
                asked.token()));
  }

  /** Starts a query that the statement itself reads to its end. */
  Result start(Object plan) {
    return watched(run(prepare(plan)));
  }

  Result watched(Result result) {
    watcher.accept(result);
    return result;
  }

  /** One row: what was done. */
  Result status(String text) {
    return rows(List.of("status"), List.of(DataType.VARCHAR), List.of(Arrays.asList(text)));
  }

  /** One row: how many rows it was about. */
  Result count(long rows) {
    return rows(List.of("count"), List.of(DataType.INT64), List.of(Arrays.asList(rows)));
  }

  Result rows(
      List<String> names,
      List<DataType> types,
      List<? extends List<? extends @Nullable Object>> rows) {
    List<Object> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(Form.item(names.get(i), Form.type(types.get(i))));
    }
    Prepared prepared =
        prepare(
            Form.call(
                "values+", Form.vec(columns), Form.vec(rows.stream().map(Form::vec).toList())));
    return run(prepared);
  }

  /** An INCORRECT error at a token. */
  PenstockException problem(Token at, String code, String message) {
    return TokenReader.placed(statement, at, PenstockException.incorrect(code, message));
  }
}
