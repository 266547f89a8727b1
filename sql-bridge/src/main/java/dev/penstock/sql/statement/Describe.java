package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.compiler.Result;
import dev.penstock.sql.TypeNames;
import dev.penstock.sql.text.Token;
import java.util.List;

/** {@code DESCRIBE t}, {@code DESCRIBE q}, {@code SHOW t}: a row for each column. */
record Describe(List<Token> query) implements Command {
  static Describe read(TokenReader r) {
    r.take();
    r.accept("TABLE");
    return new Describe(queryOf(r));
  }

  /** A query, or {@code SELECT *} of what could stand in FROM. */
  static List<Token> queryOf(TokenReader r) {
    if (r.atQuery(0)) {
      return r.query();
    }
    Token first = r.peek();
    if (r.isEnd() || first.kind() == Token.Kind.NUMBER || first.kind() == Token.Kind.MARK) {
      throw r.expected("a table or a query");
    }
    return new Snippet(first).text("SELECT * FROM").tokens(r.rest()).query();
  }

  @Override
  public Result run(Work work) {
    return work.rows(
        List.of("column_name", "column_type", "null"),
        List.of(DataType.VARCHAR, DataType.VARCHAR, DataType.VARCHAR),
        work.prepare(work.plan(query)).schema().fields().stream()
            .map(f -> List.of(f.name(), TypeNames.of(f.type()), f.nullable() ? "YES" : "NO"))
            .toList());
  }
}
