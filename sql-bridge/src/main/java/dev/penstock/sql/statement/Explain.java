package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.compiler.Plan;
import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.List;

/**
 * {@code EXPLAIN q}, {@code EXPLAIN ANALYZE q}: the text, a row for each of its lines.
 *
 * @param analyze whether the query runs
 */
record Explain(boolean analyze, List<Token> query) implements Command {
  static Explain read(TokenReader r) {
    r.expect("EXPLAIN");
    boolean analyze = r.accept("ANALYZE");
    return new Explain(analyze, r.query());
  }

  @Override
  public Result run(Work work) {
    Object plan = work.plan(query);
    String text = analyze ? analyzed(work, plan) : work.engine().explain(Plan.of(plan));
    return work.rows(
        List.of("plan"), List.of(DataType.VARCHAR), text.lines().map(List::of).toList());
  }

  private static String analyzed(Work work, Object plan) {
    try (Result result = work.watched(work.runTimed(work.prepare(plan)))) {
      result.drain();
      return result.profile().text();
    }
  }
}
