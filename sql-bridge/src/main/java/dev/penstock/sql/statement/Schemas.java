package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import java.util.List;

/**
 * {@code CREATE SCHEMA}, {@code DROP SCHEMA}, {@code DROP MACRO}. A schema is what stands before
 * the dot in the names of its tables.
 *
 * @param kind SCHEMA or MACRO
 * @param lenient IF EXISTS, or IF NOT EXISTS
 */
record Schemas(
    Token place, String kind, boolean create, boolean lenient, String name, boolean cascade)
    implements Command {
  static Schemas create(TokenReader r) {
    boolean lenient = r.accept("IF", "NOT", "EXISTS");
    Token place = r.peek();
    String name = r.name("the name of a schema");
    r.expectEnd();
    return new Schemas(place, "SCHEMA", true, lenient, name, false);
  }

  /** Behind the kind. */
  static Schemas drop(TokenReader r, String kind) {
    r.accept("TABLE"); // DROP MACRO TABLE
    boolean lenient = r.accept("IF", "EXISTS");
    Token place = r.peek();
    String name = kind.equals("SCHEMA") ? r.name("the name of a schema") : r.tableName();
    boolean cascade = r.acceptAny("CASCADE", "RESTRICT").equals("CASCADE");
    r.expectEnd();
    return new Schemas(place, kind, false, lenient, name, cascade);
  }

  @Override
  public Result run(Work work) {
    if (kind.equals("MACRO")) {
      return dropMacro(work);
    }
    boolean exists = work.catalog().isSchema(name);
    if (create) {
      if (exists && !lenient) {
        throw work.problem(place, "schema-exists", "there is a schema " + name);
      }
      work.catalog().schema(name);
      return work.status(exists ? "schema " + name + " exists" : "created schema " + name);
    }
    if (!exists && lenient) {
      return work.status("no schema " + name + ": nothing was dropped");
    }
    if (!exists) {
      throw work.problem(place, "drop", "no schema '" + name + "'");
    }
    List<String> inside =
        work.catalog().names().stream()
            .filter(n -> n.regionMatches(true, 0, name + ".", 0, name.length() + 1))
            .toList();
    if (!inside.isEmpty() && !cascade) {
      throw work.problem(
          place,
          "drop",
          "schema "
              + name
              + " has "
              + String.join(", ", inside)
              + "; write DROP SCHEMA ... CASCADE");
    }
    if (!work.catalog().dropSchema(name)) {
      throw work.problem(place, "drop", "schema " + name + " is there always");
    }
    for (String table : inside) {
      if (!work.catalog().dropView(table)) {
        work.engine().dropTable(table);
        work.catalog().defaults().remove(table);
        work.catalog().keys().forget(table);
      }
    }
    return work.status("dropped schema " + name);
  }

  private Result dropMacro(Work work) {
    boolean dropped = work.catalog().dropMacro(name);
    if (!dropped && !lenient) {
      throw work.problem(place, "drop", "no macro '" + name + "'");
    }
    return work.status(
        dropped ? "dropped macro " + name : "no macro " + name + ": nothing was dropped");
  }
}
