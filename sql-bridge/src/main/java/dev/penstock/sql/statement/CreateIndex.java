package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code CREATE [UNIQUE] INDEX [IF NOT EXISTS] i ON t (a, b DESC, expr)}: makes nothing. That the
 * table and the columns are there is checked.
 *
 * @param columns those that are plain names
 */
record CreateIndex(
    Token place,
    String name,
    boolean unique,
    boolean ifNotExists,
    Token tablePlace,
    String table,
    List<Token> columns)
    implements Command {
  /** Behind INDEX. */
  static CreateIndex read(TokenReader r, boolean unique) {
    r.accept("CONCURRENTLY");
    boolean ifNotExists = r.accept("IF", "NOT", "EXISTS");
    Token place = r.peek();
    String name = r.tableName();
    r.expect("ON");
    Token tablePlace = r.peek();
    String table = r.tableName();
    if (r.accept("USING")) {
      r.name("the name of a kind of index");
    }
    List<Token> columns = new ArrayList<>();
    boolean plain = true;
    r.expectMark("(");
    do {
      List<Token> item = r.expression(",", ")", "ASC", "DESC", "COLLATE");
      if (item.size() == 1 && item.get(0).kind() != Token.Kind.NUMBER) {
        columns.add(item.get(0));
      } else {
        plain = false;
      }
      if (r.accept("COLLATE")) {
        r.name("the name of a collation");
      }
      r.acceptAny("ASC", "DESC");
    } while (r.acceptMark(","));
    r.expectMark(")");
    boolean partial = !r.rest().isEmpty();
    return new CreateIndex(
        place, name, unique && plain && !partial, ifNotExists, tablePlace, table, columns);
  }

  @Override
  public Result run(Work work) {
    if (work.catalog().keys().tableOf(name) != null) {
      if (ifNotExists) {
        return work.status("index " + name + " exists");
      }
      throw work.problem(place, "index-exists", "there is an index " + name + "; drop it first");
    }
    Target target = Target.of(work, tablePlace, table);
    List<String> names = new ArrayList<>();
    for (Token c : columns) {
      names.add(target.schema().field(target.column(work, c, c.value())).name());
    }
    work.catalog().keys().addIndex(name, target.name(), unique ? names : List.of());
    return work.status("there are no indexes: scans pass over what their filters exclude");
  }
}
