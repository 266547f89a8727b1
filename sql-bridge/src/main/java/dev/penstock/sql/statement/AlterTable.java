package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.nodes.Source;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER TABLE [IF EXISTS] t ...}: of tables in memory. The table is written anew: one with
 * other columns takes its place in one step.
 *
 * <pre>
 * ADD [COLUMN] [IF NOT EXISTS] c TYPE [DEFAULT e]      DROP [COLUMN] [IF EXISTS] c
 * RENAME [COLUMN] c TO d                               RENAME TO u
 * ALTER [COLUMN] c SET DEFAULT e | DROP DEFAULT | SET NOT NULL | DROP NOT NULL
 * ALTER [COLUMN] c [SET DATA] TYPE t [USING e]
 * </pre>
 *
 * @param column that is changed; null: the table itself
 */
record AlterTable(
    Token place, String table, boolean ifExists, @Nullable Token column, Change change)
    implements Command {
  /** What is done. */
  private sealed interface Change {}

  private record Add(ColumnDefinition definition, boolean ifNotExists) implements Change {}

  private record Remove(boolean ifExists) implements Change {}

  private record Rename(String to) implements Change {}

  /**
   * @param value empty: none
   */
  private record Default(List<Token> value) implements Change {}

  private record NotNull(boolean notNull) implements Change {}

  /**
   * @param using empty: the old value
   */
  private record Type(ColumnDefinition definition, List<Token> using) implements Change {}

  static AlterTable read(TokenReader r) {
    r.expect("ALTER");
    Unsupported.thing(r);
    r.expect("TABLE");
    boolean ifExists = r.accept("IF", "EXISTS");
    Token place = r.peek();
    String table = r.tableName();
    if (r.accept("RENAME", "TO")) {
      String to = r.tableName();
      r.expectEnd();
      return new AlterTable(place, table, ifExists, null, new Rename(to));
    }
    String verb = r.acceptAny("ADD", "DROP", "RENAME", "ALTER");
    if (verb.isEmpty()) {
      throw r.expected("ADD, DROP, RENAME or ALTER");
    }
    r.accept("COLUMN");
    if (verb.equals("ADD")) {
      boolean there = r.accept("IF", "NOT", "EXISTS");
      Token column = r.peek();
      ColumnDefinition definition = ColumnDefinition.column(r, new ArrayList<>());
      r.expectEnd();
      return new AlterTable(place, table, ifExists, column, new Add(definition, there));
    }
    boolean missing = verb.equals("DROP") && r.accept("IF", "EXISTS");
    Token column = r.peek();
    String name = r.name("the name of a column");
    Change change;
    if (verb.equals("DROP")) {
      r.acceptAny("CASCADE", "RESTRICT");
      change = new Remove(missing);
    } else if (verb.equals("RENAME")) {
      r.expect("TO");
      change = new Rename(r.name("the name of a column"));
    } else {
      change = alter(r, name);
    }
    r.expectEnd();
    return new AlterTable(place, table, ifExists, column, change);
  }

  private static Change alter(TokenReader r, String name) {
    if (r.accept("SET", "DEFAULT")) {
      return new Default(r.rest());
    }
    if (r.accept("DROP", "DEFAULT")) {
      return new Default(List.of());
    }
    if (r.accept("SET", "NOT", "NULL")) {
      return new NotNull(true);
    }
    if (r.accept("DROP", "NOT", "NULL")) {
      return new NotNull(false);
    }
    if (!r.accept("SET", "DATA", "TYPE") && !r.accept("SET", "TYPE") && !r.accept("TYPE")) {
      throw r.expected("TYPE, SET DEFAULT, DROP DEFAULT, SET NOT NULL or DROP NOT NULL");
    }
    ColumnDefinition definition = ColumnDefinition.typed(r, name, "USING");
    return new Type(definition, r.accept("USING") ? r.rest() : List.of());
  }

  @Override
  public Result run(Work work) {
    if (ifExists && work.catalog().tableName(table) == null) {
      return work.status("no table " + table + ": nothing was changed");
    }
    Lock lock = work.catalog().changes().writeLock();
    lock.lock();
    try {
      Target target = Target.of(work, place, table);
      target.inMemory(work, "ALTER TABLE");
      if (column == null) {
        return renamed(work, target, ((Rename) change).to());
      }
      if (skips(target, column.value())) {
        return work.status("nothing was changed in table " + target.name());
      }
      apply(work, target, column);
      return work.status("changed table " + target.name());
    } finally {
      lock.unlock();
    }
  }

  private boolean skips(Target target, String name) {
    boolean there =
        target.schema().fields().stream().anyMatch(f -> f.name().equalsIgnoreCase(name));
    return there
        ? change instanceof Add add && add.ifNotExists()
        : change instanceof Remove remove && remove.ifExists();
  }

  private static Result renamed(Work work, Target target, String to) {
    if (work.catalog().tableName(to) != null && !to.equalsIgnoreCase(target.name())
        || work.catalog().views().stream().anyMatch(to::equalsIgnoreCase)) {
      throw work.problem(target.place(), "table-exists", "there is a table or view " + to);
    }
    Source source = Objects.requireNonNull(work.engine().catalog().take(target.name()));
    work.engine().catalog().add(to, source);
    Map<String, List<Token>> defaults = work.catalog().defaults().remove(target.name());
    if (defaults != null) {
      work.catalog().defaults().put(to, defaults);
    }
    work.catalog().keys().rename(target.name(), to, "", "");
    return work.status("table " + target.name() + " is now " + to);
  }

  private void apply(Work work, Target target, Token at) {
    TableEdit edit = new TableEdit(work, target, at);
    if (change instanceof Add add) {
      edit.add(add.definition());
    } else if (change instanceof Remove) {
      edit.remove();
    } else if (change instanceof Rename r) {
      edit.rename(r.to());
    } else if (change instanceof Default d) {
      edit.setDefault(d.value());
    } else if (change instanceof NotNull n) {
      edit.nullable(!n.notNull());
    } else if (change instanceof Type t) {
      edit.type(t.definition().type(), t.using());
    }
  }
}
