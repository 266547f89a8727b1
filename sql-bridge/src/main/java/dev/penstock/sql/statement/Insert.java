package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * {@code INSERT INTO t [(columns)] q}, {@code INSERT INTO t DEFAULT VALUES}: into a table in
 * memory, or into files.
 *
 * @param columns their tokens; empty: all
 * @param query null: DEFAULT VALUES
 */
record Insert(Token place, String table, List<Token> columns, @Nullable List<Token> query)
    implements Command {
  static Insert read(TokenReader r) {
    r.expect("INSERT");
    r.expect("INTO");
    Token place = r.peek();
    String table = place.kind() == Token.Kind.STRING ? r.take().value() : r.tableName();
    List<Token> columns = new ArrayList<>();
    if (r.peek().isMark("(") && !r.atQuery(0)) {
      r.take();
      do {
        columns.add(r.peek());
        r.name("the name of a column");
      } while (r.acceptMark(","));
      r.expectMark(")");
    }
    if (r.accept("DEFAULT", "VALUES")) {
      r.expectEnd();
      return new Insert(place, table, columns, null);
    }
    return new Insert(place, table, columns, r.query());
  }

  @Override
  public Result run(Work work) {
    Lock lock = work.catalog().changes().readLock();
    lock.lock();
    try {
      Target target = Target.of(work, place, table);
      if (query == null) {
        return work.count(
            target.insert(work, defaults(work, target), target.allColumns(), work.catalog()));
      }
      List<Integer> ordinals = new ArrayList<>();
      for (Token c : columns) {
        int i = target.column(work, c, c.value());
        if (ordinals.contains(i)) {
          throw work.problem(c, "column-twice", "column " + c.value() + " is there twice");
        }
        ordinals.add(i);
      }
      return work.count(
          target.insert(
              work, query, columns.isEmpty() ? target.allColumns() : ordinals, work.catalog()));
    } finally {
      lock.unlock();
    }
  }

  private List<Token> defaults(Work work, Target target) {
    Snippet s = new Snippet(place).text("SELECT");
    for (int i : target.allColumns()) {
      if (i > 0) {
        s.text(",");
      }
      s.tokens(target.defaultOf(work, i)).text("AS").name("$default" + i);
    }
    return s.query();
  }
}
