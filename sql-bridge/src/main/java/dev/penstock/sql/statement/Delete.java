package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * {@code DELETE FROM t [AS a] [WHERE c] [RETURNING items]}, {@code TRUNCATE t}: of tables in
 * memory.
 *
 * @param alias the name of the table in the condition
 * @param condition null: all rows
 */
record Delete(
    Token place,
    String table,
    String alias,
    @Nullable List<Token> condition,
    @Nullable Returning returning)
    implements Command {
  static Delete read(TokenReader r) {
    r.expect("DELETE");
    r.expect("FROM");
    Token place = r.peek();
    String table = r.tableName();
    String alias = table;
    if (r.accept("AS") || !r.isEnd() && !r.at("WHERE") && !r.at("RETURNING")) {
      alias = r.name("WHERE");
    }
    if (r.isEnd() || r.at("RETURNING")) {
      return new Delete(place, table, alias, null, Returning.read(r));
    }
    r.expect("WHERE");
    if (r.isEnd()) {
      throw r.expected("a condition");
    }
    List<Token> condition = r.expression("RETURNING");
    return new Delete(place, table, alias, condition, Returning.read(r));
  }

  static Delete truncate(TokenReader r) {
    r.expect("TRUNCATE");
    r.accept("TABLE");
    Token place = r.peek();
    String table = r.tableName();
    r.expectEnd();
    return new Delete(place, table, table, null, null);
  }

  @Override
  public Result run(Work work) {
    Lock lock = work.catalog().changes().writeLock();
    lock.lock();
    try {
      Target target = Target.of(work, place, table);
      long before = target.inMemory(work, "DELETE").rowCount();
      if (returning != null) {
        return returned(work, target, returning);
      }
      return work.count(delete(work, target, before));
    } finally {
      lock.unlock();
    }
  }

  /** The rows as they were when the query over them began. */
  private Result returned(Work work, Target target, Returning clause) {
    Snippet gone =
        new Snippet(place).text("SELECT * FROM").name(target.name()).text("AS").name(alias);
    if (condition != null) {
      gone.text("WHERE (").tokens(condition).text(")");
    }
    Result rows = Returning.start(work, clause.plan(work, gone.query(), alias));
    try {
      delete(work, target, 0);
      return rows;
    } catch (RuntimeException | Error e) {
      rows.close();
      throw e;
    }
  }

  private long delete(Work work, Target target, long before) {
    if (condition == null) {
      return Rewrite.clear(work, target);
    }
    List<Token> kept =
        new Snippet(place)
            .text("SELECT * FROM")
            .name(target.name())
            .text("AS")
            .name(alias)
            .text("WHERE (")
            .tokens(condition)
            .text(") IS NOT TRUE")
            .query();
    Rewrite.replace(work, target, work.start(work.plan(kept)));
    return before - Target.of(work, place, table).source().rowCount();
  }
}
