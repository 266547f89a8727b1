package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.List;

/** A query that stands for a statement. Its plan is not kept: it is not the statement's text. */
record Composed(List<Token> query) implements Command {
  @Override
  public Result run(Work work) {
    return work.run(work.prepare(work.plan(query)));
  }
}
