package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * {@code INSERT [OR REPLACE | OR IGNORE] INTO t [(columns)] q [ON CONFLICT DO NOTHING] [RETURNING
 * items]}, {@code REPLACE INTO t q}, {@code INSERT INTO t DEFAULT VALUES}: into a table in memory,
 * or into files.
 *
 * @param conflict what becomes of rows whose key is there
 * @param columns their tokens; empty: all
 * @param query null: DEFAULT VALUES
 */
record Insert(
    Token place,
    Conflict conflict,
    String table,
    List<Token> columns,
    @Nullable List<Token> query,
    @Nullable Returning returning)
    implements Command {
  static Insert read(TokenReader r) {
    Conflict conflict =
        r.acceptAny("INSERT", "REPLACE").equals("REPLACE") ? Conflict.REPLACE : Conflict.read(r);
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
      return new Insert(place, conflict, table, columns, null, Returning.read(r));
    }
    List<Token> all = r.query();
    int clause = Returning.begin(all);
    Returning returning =
        clause == all.size()
            ? null
            : new Returning(all.get(clause), all.subList(clause + 1, all.size()));
    List<Token> query = all.subList(0, clause);
    int end = withoutConflict(query);
    return new Insert(
        place,
        end < query.size() ? Conflict.IGNORE : conflict,
        table,
        columns,
        query.subList(0, end),
        returning);
  }

  /** Where {@code ON CONFLICT [(columns)] DO NOTHING} begins, or the end. */
  private static int withoutConflict(List<Token> query) {
    int end = query.size();
    if (end < 5 || !query.get(end - 1).is("NOTHING") || !query.get(end - 2).is("DO")) {
      return end;
    }
    for (int i = end - 3; i > 0; i--) {
      if (query.get(i).is("CONFLICT") && query.get(i - 1).is("ON")) {
        return i - 1;
      }
    }
    return end;
  }

  @Override
  public Result run(Work work) {
    boolean adds = conflict == Conflict.ADD;
    // what is returned are the last rows: nobody else may add some
    Lock lock =
        adds && returning == null
            ? work.catalog().changes().readLock()
            : work.catalog().changes().writeLock();
    lock.lock();
    try {
      Target target = Target.of(work, place, table);
      if (!adds) {
        target.inMemory(work, "INSERT OR " + conflict);
      }
      if (returning != null) {
        return returned(work, target, returning);
      }
      return work.count(insert(work, target));
    } finally {
      lock.unlock();
    }
  }

  private Result returned(Work work, Target target, Returning clause) {
    if (conflict != Conflict.ADD) {
      throw work.problem(
          clause.place(), "returning", "RETURNING of INSERT OR " + conflict + " is not supported");
    }
    long before = target.inMemory(work, "RETURNING").rowCount();
    List<Token> added =
        new Snippet(place)
            .text("SELECT * FROM")
            .name(target.name())
            .text("OFFSET " + before)
            .query();
    Object plan = clause.plan(work, added, table);
    insert(work, target);
    return Returning.start(work, plan);
  }

  private long insert(Work work, Target target) {
    if (query == null) {
      List<Token> row = defaults(work, target);
      return target.insert(work, row, target.allColumns(), work.catalog(), conflict);
    }
    List<Integer> ordinals = new ArrayList<>();
    for (Token c : columns) {
      int i = target.column(work, c, c.value());
      if (ordinals.contains(i)) {
        throw work.problem(c, "column-twice", "column " + c.value() + " is there twice");
      }
      ordinals.add(i);
    }
    return target.insert(
        work, query, columns.isEmpty() ? target.allColumns() : ordinals, work.catalog(), conflict);
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
