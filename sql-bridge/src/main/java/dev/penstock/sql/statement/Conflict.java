package dev.penstock.sql.statement;

import dev.penstock.batch.Field;
import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What INSERT does with rows whose key is there already. The keys are those that the table declares
 * (PRIMARY KEY, UNIQUE, unique indexes); keys with a null are never the same.
 */
enum Conflict {
  /** Nobody looks. */
  ADD,
  /** {@code OR IGNORE}, {@code ON CONFLICT DO NOTHING}: the new row is left out. */
  IGNORE,
  /** {@code OR REPLACE}: the old row goes. */
  REPLACE;

  private static final AtomicLong COUNTER = new AtomicLong();

  /** Takes {@code OR REPLACE} and the like, behind INSERT or UPDATE. */
  static Conflict read(TokenReader r) {
    if (!r.accept("OR")) {
      return ADD;
    }
    return switch (r.acceptAny("REPLACE", "IGNORE", "ABORT", "FAIL", "ROLLBACK")) {
      case "REPLACE" -> REPLACE;
      case "IGNORE" -> IGNORE;
      case "" -> throw r.expected("REPLACE, IGNORE, ABORT, FAIL or ROLLBACK");
      default -> ADD;
    };
  }

  /**
   * Adds rows under this law, all or none, as if they came one by one. Nobody else may change the
   * table meanwhile.
   *
   * @param rows of the table's columns
   * @return how many rows were added
   */
  long insert(Work work, Target target, Result rows) {
    List<List<String>> keys = work.catalog().keys().of(target.name());
    long id = COUNTER.incrementAndGet();
    String unnumbered = "$rows" + id;
    String fresh = "$new" + id;
    try {
      long count = work.engine().createTable(unnumbered, rows, false);
      Snippet numbers =
          new Snippet(target.place()).text("SELECT *, row_number() OVER () AS \"$n\"");
      numbers.text("FROM").name(unnumbered);
      work.engine().createTable(fresh, work.start(work.plan(numbers.query())), false);
      if (this == REPLACE) {
        Rewrite.replace(work, target, work.start(work.plan(replaced(target, fresh, keys))));
        return count;
      }
      if (keys.size() > 1 && count > 1) {
        throw work.problem(
            target.place(),
            "insert-ignore",
            target.name() + " has several keys: rows that may be left out go in one by one");
      }
      return work.engine().insert(target.name(), work.start(work.plan(added(target, fresh, keys))));
    } finally {
      work.engine().dropTable(unnumbered);
      work.engine().dropTable(fresh);
    }
  }

  private static List<Token> replaced(Target target, String fresh, List<List<String>> keys) {
    Snippet s = new Snippet(target.place()).text("SELECT * FROM").name(target.name());
    s.text("AS o WHERE TRUE");
    for (List<String> key : keys) {
      s.text("AND NOT EXISTS (SELECT 1 FROM").name(fresh).text("AS n WHERE TRUE");
      same(s, key, "n", "o").text(")");
    }
    return only(s.text("UNION ALL"), target, fresh, keys, ">").query();
  }

  private static List<Token> added(Target target, String fresh, List<List<String>> keys) {
    Snippet s = only(new Snippet(target.place()), target, fresh, keys, "<");
    for (List<String> key : keys) {
      s.text("AND NOT EXISTS (SELECT 1 FROM").name(target.name()).text("AS o WHERE TRUE");
      same(s, key, "o", "a").text(")");
    }
    return s.query();
  }

  /** The new rows that have no later (or no earlier) one of the same key. */
  private static Snippet only(
      Snippet s, Target target, String fresh, List<List<String>> keys, String order) {
    s.text("SELECT");
    for (int i = 0; i < target.schema().size(); i++) {
      Field f = target.schema().field(i);
      s.text(i == 0 ? "a." : ", a.").name(f.name());
    }
    s.text("FROM").name(fresh).text("AS a WHERE TRUE");
    for (List<String> key : keys) {
      s.text("AND NOT EXISTS (SELECT 1 FROM").name(fresh).text("AS b WHERE TRUE");
      same(s, key, "b", "a").text("AND b.\"$n\" " + order + " a.\"$n\")");
    }
    return s;
  }

  private static Snippet same(Snippet s, List<String> key, String one, String other) {
    for (String column : key) {
      s.text("AND " + one + ".").name(column).text("= " + other + ".").name(column);
    }
    return s;
  }
}
