package dev.penstock.sql.statement;

import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.compiler.Result;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.SqlCatalog;
import dev.penstock.sql.calcite.Tables;
import dev.penstock.sql.text.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * {@code COPY (q) TO 'file' (options)}, {@code COPY t [(columns)] TO 'file'}, {@code COPY t
 * [(columns)] FROM 'file'}.
 *
 * @param query what goes out; empty: rows come in
 * @param options as {@code table+} and the engine's write have them
 */
record Copy(
    Token place,
    String table,
    List<Token> columns,
    List<Token> query,
    Token filePlace,
    String file,
    Map<String, Object> options)
    implements Command {

  private static final Map<String, String> OPTIONS =
      Map.of(
          "delim",
          "delimiter",
          "sep",
          "delimiter",
          "nullstr",
          "null",
          "force_quote",
          "quote-all",
          "row_group_size",
          "row-group-rows",
          "codec",
          "compression");

  /** How the query of COPY ... FROM calls the file. */
  private static final String FILE = "$file";

  static Copy read(TokenReader r) {
    r.expect("COPY");
    Token place = r.peek();
    String table = "";
    List<Token> columns = new ArrayList<>();
    List<Token> query;
    if (r.acceptMark("(")) {
      query = r.expression(")");
      r.expectMark(")");
      r.expect("TO");
    } else {
      table = place.kind() == Token.Kind.STRING ? r.take().value() : r.tableName();
      if (r.acceptMark("(")) {
        do {
          columns.add(r.peek());
          r.name("the name of a column");
        } while (r.acceptMark(","));
        r.expectMark(")");
      }
      boolean in = r.accept("FROM");
      if (!in) {
        if (!r.accept("TO")) {
          throw r.expected("TO or FROM");
        }
      }
      query = in ? List.of() : select(place, table, columns);
    }
    Token filePlace = r.peek();
    if (filePlace.kind() != Token.Kind.STRING) {
      throw r.expected("the name of a file in single quotes");
    }
    String file = r.take().value();
    Map<String, Object> options = options(r);
    r.expectEnd();
    return new Copy(place, table, columns, query, filePlace, file, options);
  }

  private static List<Token> select(Token place, String table, List<Token> columns) {
    Snippet s = new Snippet(place).text("SELECT");
    if (columns.isEmpty()) {
      s.text("*");
    }
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        s.text(",");
      }
      s.tokens(List.of(columns.get(i)));
    }
    return s.text("FROM")
        .tokens(List.of(new Token(Token.Kind.NAME, Snippet.quoted(table), place.start())))
        .query();
  }

  /** Takes {@code [WITH] (FORMAT csv, HEADER, DELIMITER ';')}. */
  private static Map<String, Object> options(TokenReader r) {
    Map<String, Object> out = new LinkedHashMap<>();
    r.accept("WITH");
    if (!r.acceptMark("(")) {
      return out;
    }
    do {
      String name = r.name("an option").toLowerCase(Locale.ROOT);
      r.acceptMark("=");
      Object value = true;
      if (!r.peek().isMark(",") && !r.peek().isMark(")")) {
        Token t = r.take();
        value =
            switch (t.kind()) {
              case NUMBER ->
                  t.text().matches("\\d{1,18}") ? (Object) Long.valueOf(t.text()) : t.text();
              case WORD -> t.is("TRUE") || t.is("FALSE") ? (Object) t.is("TRUE") : t.text();
              case STRING, NAME -> t.value();
              case BLOB, MARK ->
                  throw r.problem(
                      t, "expected a value of " + name + ", got " + TokenReader.shown(t));
            };
      }
      String known = OPTIONS.getOrDefault(name, name.replace('_', '-'));
      if (known.equals("format") || known.equals("compression")) {
        value = String.valueOf(value).toLowerCase(Locale.ROOT);
      } else if (known.equals("header") && value instanceof Long n) {
        value = n != 0;
      }
      out.put(known, value);
    } while (r.acceptMark(","));
    r.expectMark(")");
    return out;
  }

  @Override
  public Result run(Work work) {
    if (!query.isEmpty()) {
      Object plan = work.plan(query);
      try {
        return work.count(work.engine().write(work.start(plan), file, options));
      } catch (PenstockException e) {
        throw placed(work, e);
      }
    }
    Lock lock = work.catalog().changes().readLock();
    lock.lock();
    try {
      Target target = Target.of(work, place, table);
      List<Integer> ordinals = new ArrayList<>();
      for (Token c : columns) {
        ordinals.add(target.column(work, c, c.value()));
      }
      List<Integer> wanted = columns.isEmpty() ? target.allColumns() : ordinals;
      return work.count(
          target.insert(
              work,
              new Snippet(filePlace).text("SELECT * FROM").name(FILE).query(),
              wanted,
              new WithFile(work.catalog(), file, typed(work, target, wanted)),
              Conflict.ADD));
    } finally {
      lock.unlock();
    }
  }

  private PenstockException placed(Work work, PenstockException e) {
    boolean ours =
        e.category() == PenstockException.Category.INCORRECT
            && (e.getMessage() + "").startsWith(file + ":");
    return ours ? TokenReader.placed(work.statement(), filePlace, e) : e;
  }

  /**
   * The options, with the types of the columns by position: what is text stays as it is written.
   */
  private Map<String, Object> typed(Work work, Target target, List<Integer> wanted) {
    Schema there;
    try {
      there = work.engine().table(file, options).schema();
    } catch (PenstockException e) {
      throw placed(work, e);
    }
    boolean isParquet =
        "parquet".equals(options.get("format"))
            || file.toLowerCase(Locale.ROOT).endsWith(".parquet");
    if (isParquet || options.containsKey("types")) {
      return options;
    }
    Map<String, Object> types = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(there.size(), wanted.size()); i++) {
      Field to = target.schema().field(wanted.get(i));
      types.put(there.field(i).name(), to.type().toString());
    }
    Map<String, Object> out = new LinkedHashMap<>(options);
    out.put("types", types);
    return out;
  }

  /** The catalog's tables, and the file. */
  private record WithFile(SqlCatalog all, String file, Map<String, Object> options)
      implements Tables {
    @Override
    public @Nullable Found find(List<String> path) {
      return path.equals(List.of(FILE)) ? all.file(file, options) : all.find(path);
    }

    @Override
    public boolean isSchema(String name) {
      return all.isSchema(name);
    }

    @Override
    public Set<String> names() {
      return all.names();
    }
  }
}
