package dev.penstock.sql.statement;

import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Result;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.translate.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE [OR REPLACE] TABLE [IF NOT EXISTS] t (columns)} or {@code t [(names)] AS q}: a
 * table in memory.
 *
 * @param definitions with the types of columns; null if the query gives them
 * @param keys the columns of each key
 * @param names of the query's columns, or empty
 * @param query null if there is none
 */
record CreateTable(
    Token place,
    String name,
    boolean replace,
    boolean ifNotExists,
    @Nullable List<ColumnDefinition> definitions,
    List<List<String>> keys,
    List<String> names,
    @Nullable List<Token> query,
    boolean withRows)
    implements Command {

  /** Behind TABLE. */
  static CreateTable read(TokenReader r, boolean replace) {
    boolean ifNotExists = r.accept("IF", "NOT", "EXISTS");
    Token place = r.peek();
    String name = r.tableName();
    if (r.peek().isMark("(") && !r.peek(2).isMark(",") && !r.peek(2).isMark(")")) {
      List<List<String>> keys = new ArrayList<>();
      List<ColumnDefinition> columns = ColumnDefinition.list(r, keys);
      r.accept("WITHOUT", "ROWID");
      r.expectEnd();
      return new CreateTable(
          place, name, replace, ifNotExists, columns, keys, List.of(), null, false);
    }
    List<String> names = r.peek().isMark("(") ? r.names("the name of a column") : List.of();
    r.expect("AS");
    List<Token> query = r.query();
    int end = query.size();
    boolean withData = end > 2 && query.get(end - 1).is("DATA") && query.get(end - 2).is("WITH");
    boolean noData =
        end > 3
            && query.get(end - 1).is("DATA")
            && query.get(end - 2).is("NO")
            && query.get(end - 3).is("WITH");
    return new CreateTable(
        place,
        name,
        replace,
        ifNotExists,
        null,
        List.of(),
        names,
        query.subList(0, withData ? end - 2 : noData ? end - 3 : end),
        !noData);
  }

  @Override
  public Result run(Work work) {
    String known = work.catalog().tableName(name);
    if (known != null && ifNotExists) {
      return work.status("table " + known + " exists");
    }
    if (known != null && !replace) {
      throw work.problem(place, "table-exists", "there is a table " + known + "; drop it first");
    }
    if (work.catalog().views().stream().anyMatch(name::equalsIgnoreCase)) {
      throw work.problem(place, "view-exists", "there is a view " + name + "; drop it first");
    }
    String target = known == null ? name : known;
    if (query != null) {
      return fill(work, target, query);
    }
    List<Field> fields = new ArrayList<>();
    Map<String, List<Token>> defaults = new LinkedHashMap<>();
    for (ColumnDefinition c : java.util.Objects.requireNonNull(definitions)) {
      fields.add(new Field(c.name(), c.type(), !c.notNull()));
      if (!c.defaultValue().isEmpty()) {
        defaults.put(c.name(), c.defaultValue());
      }
    }
    work.engine().createTable(target, new Schema(fields), replace);
    work.catalog().defaults().put(target, defaults);
    work.catalog().keys().declare(target, keys);
    return work.status("created table " + target);
  }

  private Result fill(Work work, String target, List<Token> rows) {
    Object plan = work.plan(rows);
    if (!names.isEmpty()) {
      List<Field> fields = work.prepare(plan).schema().fields();
      if (fields.size() != names.size()) {
        throw work.problem(
            place,
            "column-count",
            "table "
                + name
                + " names "
                + names.size()
                + " columns, its query has "
                + fields.size());
      }
      List<Object> items = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        items.add(Form.item(names.get(i), Form.sym(fields.get(i).name())));
      }
      plan = Form.call("project+", Form.vec(items), plan);
    }
    if (!withRows) {
      plan = Form.call("slice+", 0L, 0L, plan);
    }
    work.catalog().defaults().remove(target);
    work.catalog().keys().forget(target);
    return work.count(work.engine().createTable(target, work.start(plan), replace));
  }
}
