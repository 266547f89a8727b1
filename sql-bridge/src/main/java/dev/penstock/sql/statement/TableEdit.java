package dev.penstock.sql.statement;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.sources.memory.ColumnTable;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.translate.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table in memory that is added, dropped or changed: all rows are written anew, and
 * the table of them takes the place of the old one in one step. One use; the caller holds the write
 * lock of the catalog.
 */
final class TableEdit {
  private final Work work;
  private final Target target;
  private final Token at;
  private final Map<String, List<Token>> defaults;

  /** The columns of the new table, and what each is made of, in terms of the old. */
  private final List<Field> fields = new ArrayList<>();

  private final List<List<Token>> values = new ArrayList<>();

  /**
   * @param at names the column
   */
  TableEdit(Work work, Target target, Token at) {
    this.work = work;
    this.target = target;
    this.at = at;
    defaults = new LinkedHashMap<>(work.catalog().defaults().getOrDefault(target.name(), Map.of()));
    for (Field f : target.schema().fields()) {
      fields.add(f);
      values.add(new Snippet(at).name(f.name()).query());
    }
  }

  private int column() {
    return target.column(work, at, at.value());
  }

  private void unused(String name, @Nullable String but) {
    if (!name.equalsIgnoreCase(but)
        && fields.stream().anyMatch(f -> f.name().equalsIgnoreCase(name))) {
      throw work.problem(
          at, "column-twice", "there is a column " + name + " in " + target.name() + " already");
    }
  }

  void add(ColumnDefinition d) {
    unused(d.name(), null);
    boolean none = d.defaultValue().isEmpty();
    fields.add(new Field(d.name(), d.type(), !d.notNull()));
    values.add(none ? new Snippet(at).text("NULL").query() : d.defaultValue());
    if (!none) {
      defaults.put(d.name(), d.defaultValue());
    }
    write("", "");
  }

  void remove() {
    int i = column();
    if (fields.size() == 1) {
      throw work.problem(
          at, "last-column", "it is the last column of " + target.name() + "; drop the table");
    }
    String name = fields.remove(i).name();
    values.remove(i);
    defaults.remove(name);
    write(name, null);
  }

  void rename(String to) {
    int i = column();
    Field f = fields.get(i);
    unused(to, f.name());
    fields.set(i, new Field(to, f.type(), f.nullable()));
    List<Token> value = defaults.remove(f.name());
    if (value != null) {
      defaults.put(to, value);
    }
    write(f.name(), to);
  }

  /**
   * @param value empty: none
   */
  void setDefault(List<Token> value) {
    String name = fields.get(column()).name();
    if (value.isEmpty()) {
      defaults.remove(name);
    } else {
      defaults.put(name, value);
    }
    work.catalog().defaults().put(target.name(), defaults);
  }

  void nullable(boolean nullable) {
    int i = column();
    Field f = fields.get(i);
    fields.set(i, new Field(f.name(), f.type(), nullable));
    write("", "");
  }

  /**
   * @param using what the new values are made of; empty: the old ones
   */
  void type(DataType type, List<Token> using) {
    int i = column();
    Field f = fields.get(i);
    fields.set(i, new Field(f.name(), type, f.nullable()));
    if (!using.isEmpty()) {
      values.set(i, using);
    }
    write("", "");
  }

  private void write(String column, @Nullable String other) {
    Snippet query = new Snippet(at).text("SELECT");
    for (int i = 0; i < fields.size(); i++) {
      query.text(i == 0 ? "(" : ", (").tokens(values.get(i)).text(") AS").name("$" + i);
    }
    Object plan = work.plan(query.text("FROM").name(target.name()).query());
    List<Field> given = work.prepare(plan).schema().fields();
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      Field from = given.get(i);
      Object value = Target.cast(Form.sym(from.name()), from, fields.get(i));
      items.add(Form.item(fields.get(i).name(), value));
    }
    Rewrite.into(
        work,
        target.name(),
        new ColumnTable(target.name(), new Schema(fields), work.engine().budget()),
        work.start(Form.call("project+", Form.vec(items), plan)));
    work.catalog().defaults().put(target.name(), defaults);
    work.catalog().keys().rename(target.name(), target.name(), column, other);
  }
}
