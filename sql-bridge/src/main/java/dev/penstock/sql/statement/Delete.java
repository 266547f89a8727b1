package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * {@code DELETE FROM t [AS a] [WHERE c]}, {@code TRUNCATE t}: of tables in memory.
 *
 * @param alias the name of the table in the condition
 * @param condition null: all rows
 */
record Delete(Token place, String table, String alias, @Nullable List<Token> condition)
    implements Command {
  static Delete read(TokenReader r) {
    r.expect("DELETE");
    r.expect("FROM");
    Token place = r.peek();
    String table = r.tableName();
    String alias = table;
    if (r.accept("AS") || !r.isEnd() && !r.at("WHERE")) {
      alias = r.name("WHERE");
    }
    if (r.isEnd()) {
      return new Delete(place, table, alias, null);
    }
    r.expect("WHERE");
    if (r.isEnd()) {
      throw r.expected("a condition");
    }
    return new Delete(place, table, alias, r.rest());
  }

  static Delete truncate(TokenReader r) {
    r.expect("TRUNCATE");
    r.accept("TABLE");
    Token place = r.peek();
    String table = r.tableName();
    r.expectEnd();
    return new Delete(place, table, table, null);
  }

  @Override
  public Result run(Work work) {
    Lock lock = work.catalog().changes().writeLock();
    lock.lock();
    try {
      Target target = Target.of(work, place, table);
      long before = target.inMemory(work, "DELETE").rowCount();
      if (condition == null) {
        return work.count(Rewrite.clear(work, target));
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
      return work.count(before - Target.of(work, place, table).source().rowCount());
    } finally {
      lock.unlock();
    }
  }
}
