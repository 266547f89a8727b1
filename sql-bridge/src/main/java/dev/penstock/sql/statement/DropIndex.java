package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;

/** {@code DROP INDEX [IF EXISTS] i}, {@code REINDEX [i | t]}. */
record DropIndex(Token place, String name, boolean drop, boolean ifExists) implements Command {
  /** Behind INDEX. */
  static DropIndex read(TokenReader r) {
    boolean ifExists = r.accept("IF", "EXISTS");
    Token place = r.peek();
    String name = r.tableName();
    r.acceptAny("CASCADE", "RESTRICT");
    r.expectEnd();
    return new DropIndex(place, name, true, ifExists);
  }

  static Command reindex(TokenReader r) {
    r.expect("REINDEX");
    if (r.isEnd()) {
      return new Note("there are no indexes: nothing to do");
    }
    Token place = r.peek();
    String name = r.tableName();
    r.expectEnd();
    return new DropIndex(place, name, false, false);
  }

  @Override
  public Result run(Work work) {
    boolean known = work.catalog().keys().tableOf(name) != null;
    boolean table = !drop && work.catalog().tableName(name) != null;
    if (!known && !table && !ifExists) {
      throw work.problem(place, "unknown-index", "no index '" + name + "'");
    }
    if (drop && known) {
      work.catalog().keys().dropIndex(name);
    }
    return work.status("there are no indexes: nothing " + (drop ? "was dropped" : "to do"));
  }
}
