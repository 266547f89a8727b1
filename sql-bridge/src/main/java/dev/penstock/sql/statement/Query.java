package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.Statement;
import dev.penstock.sql.text.Token;
import java.util.List;

/** SELECT, WITH, VALUES, FROM, TABLE. */
public record Query(List<Token> query) implements Command {
  @Override
  public Result run(Work work) {
    return work.run(
        work.catalog()
            .prepared(
                new Statement(work.statement().text(), work.statement().source(), query),
                work.parameters(),
                work.settings(),
                (tokens, given) -> work.plan(tokens, work.catalog(), given),
                work::prepare));
  }
}
