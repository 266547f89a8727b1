package dev.penstock.sql.statement;

import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.Tables;
import dev.penstock.sql.text.Token;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE [OR REPLACE] VIEW [IF NOT EXISTS] v [(columns)] AS q}. The query is checked now,
 * and planned each time that the view is used.
 */
record CreateView(
    Token place,
    String name,
    boolean replace,
    boolean ifNotExists,
    List<String> columns,
    List<Token> query)
    implements Command {

  /** Behind VIEW. */
  static CreateView read(TokenReader r, boolean replace) {
    boolean ifNotExists = r.accept("IF", "NOT", "EXISTS");
    Token place = r.peek();
    String name = r.tableName();
    List<String> columns = r.peek().isMark("(") ? r.names("the name of a column") : List.of();
    r.expect("AS");
    return new CreateView(place, name, replace, ifNotExists, columns, r.query());
  }

  @Override
  public Result run(Work work) {
    boolean exists = work.catalog().views().stream().anyMatch(name::equalsIgnoreCase);
    if (exists && ifNotExists) {
      return work.status("view " + name + " exists");
    }
    if (exists && !replace) {
      throw work.problem(place, "view-exists", "there is a view " + name + "; drop it first");
    }
    String table = work.catalog().tableName(name);
    if (table != null) {
      throw work.problem(place, "table-exists", "there is a table " + table + "; drop it first");
    }
    int count = work.prepare(work.plan(query, new WithoutView(work.catalog()))).schema().size();
    if (!columns.isEmpty() && columns.size() != count) {
      throw work.problem(
          place,
          "column-count",
          "view " + name + " names " + columns.size() + " columns, its query has " + count);
    }
    work.catalog().view(name, text(work));
    return work.status("created view " + name);
  }

  private String text(Work work) {
    String text =
        work.statement().text().substring(query.get(0).start(), query.get(query.size() - 1).end());
    return columns.isEmpty()
        ? text
        : "SELECT * FROM (\n"
            + text
            + "\n) AS "
            + Snippet.quoted(name)
            + columns.stream()
                .map(Snippet::quoted)
                .collect(java.util.stream.Collectors.joining(", ", " (", ")"));
  }

  /** The tables, of which the view itself is none. */
  private final class WithoutView implements Tables {
    private final Tables all;

    WithoutView(Tables all) {
      this.all = all;
    }

    @Override
    public @Nullable Found find(List<String> path) {
      if (path.get(path.size() - 1).equalsIgnoreCase(name)) {
        throw PenstockException.incorrect(
            "sql-view", "the view " + name + " cannot be made of itself");
      }
      return all.find(path);
    }

    @Override
    public boolean isSchema(String schema) {
      return all.isSchema(schema);
    }

    @Override
    public List<Token> expanded(List<Token> tokens) {
      return all.expanded(tokens);
    }

    @Override
    public Set<String> names() {
      return all.names();
    }
  }
}
