package dev.penstock.sql;

import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Languages;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sql.calcite.Tables;
import dev.penstock.sql.text.TableFunction;
import dev.penstock.sql.translate.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions in FROM: readers of files with options, series of numbers. */
final class TableFunctions {
  /** Names of options in SQL that differ from those of {@code table+}. */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "delim", "delimiter",
          "sep", "delimiter",
          "nullstr", "null",
          "dtypes", "types",
          "columns", "types",
          "ignore_errors", "bad-rows");

  private TableFunctions() {}

  static Tables.@Nullable Found find(Engine engine, String text, TableFunction f) {
    return switch (f.name()) {
      case "read_csv", "read_csv_auto" -> file(engine, text, f, "csv");
      case "read_parquet", "parquet_scan" -> file(engine, text, f, "parquet");
      case "read_json", "read_json_auto", "read_ndjson" -> file(engine, text, f, "json");
      case "generate_series" -> series(f, true);
      case "range" -> series(f, false);
      case "tpch" -> tpch(engine, text, f);
      case "sparql" -> sparql(engine, f);
      default -> null;
    };
  }

  /** An argument that is a text. */
  static String text(TableFunction f, int i, String what) {
    if (f.args().size() <= i || !(f.args().get(i) instanceof String text)) {
      throw PenstockException.incorrect(
          "sql-table-function", f.name() + " takes " + what + ", as in " + f.name() + "('t')");
    }
    return text;
  }

  private static Tables.Found file(Engine engine, String text, TableFunction f, String format) {
    if (f.args().size() != 1 || !(f.args().get(0) instanceof String path)) {
      throw PenstockException.incorrect(
          "sql-table-function",
          f.name() + " takes one path, as in " + f.name() + "('x." + format + "'), got " + text);
    }
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    options.put("format", format);
    f.options()
        .forEach((k, v) -> options.put(OPTIONS.getOrDefault(k, k.replace('_', '-')), option(k, v)));
    Map<String, Object> plain = new LinkedHashMap<>();
    options.forEach(
        (k, v) -> plain.put(k, String.valueOf(v).equals(v) || v == null ? String.valueOf(v) : v));
    Source source = engine.table(path, plain);
    return new Tables.Found(text, path, data(options), SqlCatalog.fields(source), null);
  }

  private static @Nullable Object option(String key, @Nullable Object value) {
    if (key.equals("ignore_errors")) {
      return Boolean.TRUE.equals(value) ? "skip" : "fail";
    }
    if (value instanceof Map<?, ?> types) {
      Map<String, @Nullable Object> out = new LinkedHashMap<>();
      types.forEach(
          (k, v) -> out.put(String.valueOf(k), TypeNames.parse(String.valueOf(v)).toString()));
      return out;
    }
    return value;
  }

  /** Options as plan data. */
  static Object data(Map<String, ? extends @Nullable Object> options) {
    List<@Nullable Object> out = new ArrayList<>();
    options.forEach(
        (k, v) -> {
          out.add(Keyword.intern(null, k));
          out.add(value(k, v));
        });
    return PersistentArrayMap.createAsIfByAssoc(out.toArray());
  }

  private static @Nullable Object value(String key, @Nullable Object v) {
    if (v instanceof Map<?, ?> m) {
      List<@Nullable Object> types = new ArrayList<>();
      m.forEach(
          (k, t) -> {
            types.add(Symbol.intern(null, String.valueOf(k)));
            types.add(Form.type(DataType.parse(String.valueOf(t))));
          });
      return PersistentArrayMap.createAsIfByAssoc(types.toArray());
    }
    if (v instanceof List<?> l) {
      return PersistentVector.create(l.toArray());
    }
    boolean word = key.equals("format") || key.equals("bad-rows");
    return word ? Keyword.intern(null, String.valueOf(v)) : v;
  }

  private static Tables.Found series(TableFunction f, boolean inclusive) {
    List<@Nullable Object> a = f.args();
    if (a.isEmpty() || a.size() > 3 || !a.stream().allMatch(Long.class::isInstance)) {
      throw PenstockException.incorrect(
          "sql-table-function",
          f.name() + " takes one to three whole numbers: " + f.name() + "(1, 10, 2)");
    }
    long start = a.size() == 1 ? 0 : (Long) java.util.Objects.requireNonNull(a.get(0));
    long stop = (Long) java.util.Objects.requireNonNull(a.get(a.size() == 1 ? 0 : 1));
    long step = a.size() == 3 ? (Long) java.util.Objects.requireNonNull(a.get(2)) : 1;
    if (step == 0) {
      throw PenstockException.incorrect("sql-table-function", f.name() + ": the step is 0");
    }
    Object form =
        inclusive
            ? Form.call("series+", Form.sym(f.name()), start, stop, step)
            : Form.call(
                "series+", Form.sym(f.name()), start, stop, step, Form.options("exclusive", true));
    return new Tables.Found(
        f.name(), form, null, List.of(new Field(f.name(), DataType.INT64, false)), null);
  }

  private static Tables.Found sparql(Engine engine, TableFunction f) {
    List<?> args = f.args();
    if (args.isEmpty() || args.size() > 2 || !args.stream().allMatch(String.class::isInstance)) {
      throw PenstockException.incorrect(
          "sql-table-function",
          "sparql takes a query, or the name of triples and a query, as in"
              + " sparql('SELECT ?s { ?s ?p ?o }'), got "
              + args);
    }
    String query = (String) args.get(args.size() - 1);
    Languages.Part part =
        args.size() == 1
            ? engine.languages().part(f.name(), query)
            : named(engine, (String) args.get(0), query);
    return new Tables.Found(f.name(), part.form(), null, part.fields(), null);
  }

  private static Languages.Part named(Engine engine, String triples, String query) {
    String language = NamedTriples.language(triples.toLowerCase(Locale.ROOT));
    try {
      return engine.languages().part(language, query);
    } catch (PenstockException e) {
      if (!e.code().equals("unknown-language")) {
        throw e;
      }
      throw PenstockException.incorrect(
          "no-triples",
          "no triples are named '"
              + triples
              + "'; a catalog file names them: {:triples {name \"file.ttl\"}}");
    }
  }

  private static Tables.Found tpch(Engine engine, String text, TableFunction f) {
    if (f.args().size() != 1 || !(f.args().get(0) instanceof String table)) {
      throw PenstockException.incorrect(
          "sql-table-function",
          "tpch takes a table's name, as in tpch('lineitem', sf => 0.01), got " + text);
    }
    Object scale = f.options().getOrDefault("sf", 1L);
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    options.put("sf", scale);
    Object given = scale == null ? 1L : scale;
    Source source = engine.table("tpch/" + table, Map.of("sf", given));
    return new Tables.Found(
        text, Symbol.intern(null, "tpch/" + table), data(options), SqlCatalog.fields(source), null);
  }
}
