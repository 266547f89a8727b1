package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Result;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.ColumnTable;
import dev.penstock.sql.FileTable;
import dev.penstock.sql.calcite.Tables;
import dev.penstock.sql.text.Nearest;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.translate.Blobs;
import dev.penstock.sql.translate.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A table that rows go to.
 *
 * @param place where the statement names it
 * @param name the catalog's name, or a path
 * @param source the table
 */
record Target(Token place, String name, Source source) {

  /** The table that a statement names. */
  static Target of(Work work, Token place, String written) {
    if (place.kind() == Token.Kind.STRING) {
      return new Target(place, written, new FileTable(work.engine(), written, Map.of()));
    }
    if (work.catalog().views().stream().anyMatch(written::equalsIgnoreCase)) {
      throw work.problem(place, "not-a-table", written + " is a view; rows go to tables");
    }
    String name = work.catalog().tableName(written);
    Source source = name == null ? null : work.engine().catalog().get(name);
    if (name == null || source == null) {
      throw work.problem(
          place,
          "unknown-table",
          "no table '" + written + "'" + Nearest.hint(written, work.engine().catalog().names()));
    }
    return new Target(place, name, source);
  }

  /** The table in memory that it is; what is none cannot be changed in place. */
  ColumnTable inMemory(Work work, String verb) {
    if (source instanceof ColumnTable table) {
      return table;
    }
    throw work.problem(
        place,
        "not-in-memory",
        verb
            + " changes tables in memory, and "
            + name
            + " is none; make one with CREATE TABLE ... AS SELECT * FROM "
            + (source instanceof FileTable f ? "'" + f.path() + "'" : name));
  }

  Schema schema() {
    return source.schema();
  }

  /** The ordinal of a column, whatever case it was written in. */
  int column(Work work, Token at, String written) {
    Schema schema = schema();
    for (int i = 0; i < schema.size(); i++) {
      if (schema.field(i).name().equalsIgnoreCase(written)) {
        return i;
      }
    }
    throw work.problem(
        at,
        "unknown-column",
        "no column '"
            + written
            + "' in "
            + name
            + Nearest.hint(written, schema.fields().stream().map(Field::name).toList()));
  }

  /** The expression of a column's DEFAULT, or NULL. */
  List<Token> defaultOf(Work work, int column) {
    String wanted = schema().field(column).name();
    List<Token> tokens = work.catalog().defaults().getOrDefault(name, Map.of()).get(wanted);
    return tokens == null ? new Snippet(place).text("NULL").query() : tokens;
  }

  /**
   * An expression as a value of a column. A column of nulls has the type int32, which some types
   * cannot be made of: it goes by way of a text.
   */
  static Object cast(Object expr, Field from, Field to) {
    if (from.type().equals(to.type())) {
      return expr;
    }
    Object bytes = Blobs.cast(expr, from.type(), to.type());
    if (bytes != null) {
      return bytes;
    }
    boolean byText =
        from.type().kind() == Kind.INT32
            && switch (to.type().kind()) {
              case DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL, UUID, JSON, VARBINARY -> true;
              default -> false;
            };
    Object value = byText ? Form.call("cast", expr, Form.type(DataType.VARCHAR)) : expr;
    return Form.call("cast", value, Form.type(to.type()));
  }

  /**
   * Adds the rows of a query, all or none.
   *
   * @param columns what the columns of the query are here, by ordinal; the others get their default
   * @param tables what the query may name
   */
  long insert(
      Work work, List<Token> query, List<Integer> columns, Tables tables, Conflict conflict) {
    Schema schema = schema();
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      if (!columns.contains(i)) {
        missing.add(i);
      }
    }
    Object plan = work.plan(missing.isEmpty() ? query : withDefaults(work, query, missing), tables);
    List<Field> given = work.prepare(plan).schema().fields();
    int expected = given.size() - missing.size();
    if (expected != columns.size()) {
      throw work.problem(
          place,
          "column-count",
          "table "
              + name
              + " takes "
              + columns.size()
              + (columns.size() == 1 ? " column here, got " : " columns here, got ")
              + expected);
    }
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      int from = columns.contains(i) ? columns.indexOf(i) : columns.size() + missing.indexOf(i);
      Field f = given.get(from);
      items.add(Form.item(schema.field(i).name(), cast(Form.sym(f.name()), f, schema.field(i))));
    }
    Result rows = work.start(Form.call("project+", Form.vec(items), plan));
    if (conflict != Conflict.ADD) {
      return conflict.insert(work, this, rows);
    }
    return source instanceof FileTable f
        ? work.engine().append(rows, f.path(), f.options())
        : work.engine().insert(name, rows);
  }

  /** The query's columns, then the defaults of the columns that it does not give. */
  private List<Token> withDefaults(Work work, List<Token> query, List<Integer> missing) {
    Snippet s = new Snippet(place).text("SELECT *");
    for (int i : missing) {
      s.text(",").tokens(defaultOf(work, i)).text("AS").name("$default" + i);
    }
    return s.text("FROM (").tokens(query).text(") AS \"$rows\"").query();
  }

  /** All columns. */
  List<Integer> allColumns() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < schema().size(); i++) {
      all.add(i);
    }
    return all;
  }
}
