package dev.penstock.sql.statement;

import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.translate.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * {@code UPDATE t [AS a] SET c = e, (d, e) = (f, g) ... [WHERE c] [RETURNING items]}: of tables in
 * memory. A query over the whole table takes its place:
 *
 * <pre>
 * SELECT *, CASE WHEN "$hit" THEN (e) END AS "$set0" FROM (SELECT *, (c) IS TRUE AS "$hit" FROM t) AS t
 * </pre>
 *
 * <p>Expressions are computed for the rows that the condition finds, and for no others.
 */
record Update(
    Token place,
    Conflict conflict,
    String table,
    String alias,
    List<Change> changes,
    List<Token> condition,
    @Nullable Returning returning)
    implements Command {
  /** {@code column = value}. */
  private record Change(Token column, List<Token> value) {}

  static Update read(TokenReader r) {
    r.expect("UPDATE");
    Conflict conflict = Conflict.read(r);
    Token place = r.peek();
    String table = r.tableName();
    String alias = table;
    if (r.accept("AS") || !r.at("SET") && !r.isEnd()) {
      alias = r.name("SET");
    }
    r.expect("SET");
    List<Change> changes = new ArrayList<>();
    do {
      changes(r, changes);
    } while (r.acceptMark(","));
    List<Token> condition = List.of();
    if (!r.isEnd() && !r.at("RETURNING")) {
      r.expect("WHERE");
      if (r.isEnd()) {
        throw r.expected("a condition");
      }
      condition = r.expression("RETURNING");
    }
    return new Update(place, conflict, table, alias, changes, condition, Returning.read(r));
  }

  /** Takes {@code c = e} or {@code (c, d) = (e, f)}. */
  private static void changes(TokenReader r, List<Change> changes) {
    List<Token> columns = new ArrayList<>();
    boolean several = r.acceptMark("(");
    do {
      columns.add(r.peek());
      r.name("the name of a column");
    } while (several && r.acceptMark(","));
    if (several) {
      r.expectMark(")");
    }
    r.expectMark("=");
    if (!several) {
      changes.add(new Change(columns.get(0), r.expression(",", "WHERE", "FROM", "RETURNING")));
      return;
    }
    r.accept("ROW");
    r.expectMark("(");
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        r.expectMark(",");
      }
      changes.add(new Change(columns.get(i), r.expression(",", ")")));
    }
    r.expectMark(")");
  }

  @Override
  public Result run(Work work) {
    Lock lock = work.catalog().changes().writeLock();
    lock.lock();
    try {
      Target target = Target.of(work, place, table);
      target.inMemory(work, "UPDATE");
      if (conflict != Conflict.ADD && !work.catalog().keys().of(target.name()).isEmpty()) {
        throw work.problem(
            place, "update-or", "UPDATE OR " + conflict + " of a table with keys is not supported");
      }
      int[] changed = new int[target.schema().size()];
      java.util.Arrays.fill(changed, -1);
      for (int i = 0; i < changes.size(); i++) {
        Token c = changes.get(i).column();
        int column = target.column(work, c, c.value());
        if (changed[column] >= 0) {
          throw work.problem(c, "column-twice", "column " + c.value() + " is there twice");
        }
        changed[column] = i;
      }
      Object plan = work.plan(query(work, target, changed));
      Object merged = merged(work, target, plan, changed);
      if (returning != null) {
        return Rewrite.returned(work, target, work.start(merged), returning, alias);
      }
      return work.count(Rewrite.replace(work, target, work.start(merged)));
    } finally {
      lock.unlock();
    }
  }

  private List<Token> query(Work work, Target target, int[] changed) {
    Snippet s = new Snippet(place).text("SELECT *");
    for (int i = 0; i < changes.size(); i++) {
      List<Token> value = changes.get(i).value();
      if (value.size() == 1 && value.get(0).is("DEFAULT")) {
        int at = i;
        int column =
            java.util.stream.IntStream.range(0, changed.length)
                .filter(c -> changed[c] == at)
                .findFirst()
                .orElseThrow();
        value = target.defaultOf(work, column);
      }
      s.text(", CASE WHEN \"$hit\" THEN (").tokens(value).text(") END AS").name("$set" + i);
    }
    s.text("FROM (SELECT *,");
    if (condition.isEmpty()) {
      s.text("TRUE");
    } else {
      s.text("(").tokens(condition).text(") IS TRUE");
    }
    return s.text("AS \"$hit\" FROM")
        .name(target.name())
        .text("AS")
        .name(alias)
        .text(") AS")
        .name(alias)
        .query();
  }

  /** The table's columns with the new values in the rows that were found, and whether they were. */
  private static Object merged(Work work, Target target, Object plan, int[] changed) {
    Schema given = work.prepare(plan).schema();
    Schema schema = target.schema();
    Field hit = given.field(schema.size());
    List<Object> items = new ArrayList<>();
    for (int c = 0; c < schema.size(); c++) {
      Field f = schema.field(c);
      Object old = Form.sym(given.field(c).name());
      if (changed[c] < 0) {
        items.add(Form.item(f.name(), old));
      } else {
        Field set = given.field(schema.size() + 1 + changed[c]);
        Object value = Target.cast(Form.sym(set.name()), set, f);
        items.add(Form.item(f.name(), Form.call("if", Form.sym(hit.name()), value, old)));
      }
    }
    items.add(Form.item("$hit", Form.sym(hit.name())));
    return Form.call("project+", Form.vec(items), plan);
  }
}
