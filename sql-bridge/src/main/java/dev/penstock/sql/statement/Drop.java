package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Nearest;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.List;

/** {@code DROP TABLE|VIEW [IF EXISTS] a, b}. Files of a table stay where they are. */
record Drop(List<Token> places, boolean view, boolean ifExists, List<String> names)
    implements Command {
  static Command read(TokenReader r) {
    r.expect("DROP");
    if (r.accept("INDEX")) {
      return DropIndex.read(r);
    }
    if (r.accept("SCHEMA")) {
      return Schemas.drop(r, "SCHEMA");
    }
    if (r.accept("MACRO") || r.accept("FUNCTION")) {
      return Schemas.drop(r, "MACRO");
    }
    boolean view = r.accept("VIEW");
    if (!view && !r.accept("TABLE")) {
      Unsupported.thing(r);
      throw r.expected("TABLE, VIEW or INDEX");
    }
    boolean ifExists = r.accept("IF", "EXISTS");
    List<Token> places = new ArrayList<>();
    List<String> names = new ArrayList<>();
    do {
      places.add(r.peek());
      names.add(r.tableName());
    } while (r.acceptMark(","));
    r.acceptAny("CASCADE", "RESTRICT");
    r.expectEnd();
    return new Drop(places, view, ifExists, names);
  }

  @Override
  public Result run(Work work) {
    List<String> known = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      boolean isView = work.catalog().views().stream().anyMatch(name::equalsIgnoreCase);
      String table = work.catalog().tableName(name);
      if (view ? isView : table != null) {
        known.add(view || table == null ? name : table);
      } else if (view ? table != null : isView) {
        throw work.problem(
            places.get(i),
            "drop",
            view
                ? name + " is a table: write DROP TABLE " + name
                : name + " is a view: write DROP VIEW " + name);
      } else if (!ifExists) {
        throw work.problem(
            places.get(i),
            "drop",
            "no "
                + kind()
                + " '"
                + name
                + "'"
                + Nearest.hint(
                    name, view ? work.catalog().views() : work.engine().catalog().names()));
      }
    }
    for (String name : known) {
      if (view) {
        work.catalog().dropView(name);
      } else {
        work.engine().dropTable(name);
        work.catalog().defaults().remove(name);
        work.catalog().keys().forget(name);
      }
    }
    return work.status(
        known.isEmpty()
            ? "no " + kind() + " " + String.join(", ", names) + ": nothing was dropped"
            : "dropped " + kind() + " " + String.join(", ", known));
  }

  private String kind() {
    return view ? "view" : "table";
  }
}
