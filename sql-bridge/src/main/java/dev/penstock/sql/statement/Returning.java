package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code RETURNING items} behind INSERT, UPDATE and DELETE of tables in memory: a query over the
 * rows that the statement is about, in the place of their count. It keeps those rows until it is
 * read or closed.
 */
record Returning(Token place, List<Token> items) {
  /** Takes the clause, if it is there, and all behind it. */
  static @Nullable Returning read(TokenReader r) {
    Token place = r.peek();
    if (!r.accept("RETURNING")) {
      r.expectEnd();
      return null;
    }
    if (r.isEnd()) {
      throw r.expected("what is returned");
    }
    return new Returning(place, r.rest());
  }

  /** Where the clause begins in the tokens of a query, or their end. */
  static int begin(List<Token> query) {
    int depth = 0;
    for (int i = 1; i < query.size(); i++) {
      Token t = query.get(i);
      depth += t.isMark("(") ? 1 : t.isMark(")") ? -1 : 0;
      if (depth == 0 && t.is("RETURNING") && i + 1 < query.size()) {
        return i;
      }
    }
    return query.size();
  }

  /**
   * The plan of the query, which fails before anything is changed.
   *
   * @param rows a query of the rows, whose columns are the table's
   * @param alias the name of the rows in the items
   */
  Object plan(Work work, List<Token> rows, String alias) {
    Object plan =
        work.plan(
            new Snippet(place)
                .text("SELECT")
                .tokens(items)
                .text("FROM (")
                .tokens(rows)
                .text(") AS")
                .name(alias)
                .query());
    work.prepare(plan);
    return plan;
  }

  /** Starts the query, over the rows that are there now. */
  static Result start(Work work, Object plan) {
    return work.run(work.prepare(plan));
  }
}
