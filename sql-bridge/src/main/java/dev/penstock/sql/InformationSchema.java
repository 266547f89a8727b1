package dev.penstock.sql;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.monitor.CancellationToken;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.Parameters;
import dev.penstock.sql.calcite.SqlPlanner;
import dev.penstock.sql.calcite.SqlTypes;
import dev.penstock.sql.calcite.Tables.Found;
import dev.penstock.sql.text.Token;
import dev.penstock.sql.text.Tokenizer;
import dev.penstock.sql.translate.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a catalog holds, as tables: {@code information_schema.tables}, {@code .columns}, {@code
 * .schemata}, and {@code pragma_table_info('t')}. Their rows are those of when a query is planned.
 */
final class InformationSchema {
  static final String NAME = "information_schema";

  /** The name of the one database. */
  private static final String DATABASE = "memory";

  private static final String MAIN = "main";

  private final SqlCatalog catalog;

  InformationSchema(SqlCatalog catalog) {
    this.catalog = catalog;
  }

  /** A table of the schema, or null. */
  @Nullable Found find(String table) {
    return switch (table.toLowerCase(Locale.ROOT)) {
      case "tables" -> tables();
      case "columns" -> columns();
      case "schemata" -> schemata();
      default -> null;
    };
  }

  private Found tables() {
    Rows rows =
        new Rows("table_catalog", "table_schema", "table_name", "table_type", "is_insertable_into");
    for (String name : catalog.names()) {
      boolean view = catalog.views().contains(name);
      rows.add(
          DATABASE, schema(name), local(name), view ? "VIEW" : "BASE TABLE", view ? "NO" : "YES");
    }
    return rows.found(NAME + ".tables");
  }

  private Found schemata() {
    Rows rows = new Rows("catalog_name", "schema_name");
    rows.add(DATABASE, NAME).add(DATABASE, MAIN);
    catalog.schemas().forEach(name -> rows.add(DATABASE, name));
    return rows.found(NAME + ".schemata");
  }

  private Found columns() {
    Rows rows =
        new Rows(
            "table_catalog",
            "table_schema",
            "table_name",
            "column_name",
            "ordinal_position INTEGER",
            "column_default",
            "is_nullable",
            "data_type",
            "numeric_precision INTEGER",
            "numeric_scale INTEGER");
    for (String name : catalog.names()) {
      int position = 0;
      for (Field f : fields(name)) {
        DataType t = f.type();
        rows.add(
            DATABASE,
            schema(name),
            local(name),
            f.name(),
            (long) ++position,
            defaultOf(name, f),
            f.nullable() ? "YES" : "NO",
            TypeNames.of(t),
            digits(t),
            digits(t) == null ? null : t.isDecimal() ? (long) t.scale() : 0L);
      }
    }
    return rows.found(NAME + ".columns");
  }

  private static @Nullable Long digits(DataType type) {
    return switch (type.kind()) {
      case INT32 -> 32L;
      case INT64 -> 64L;
      case FLOAT64 -> 53L;
      case DECIMAL -> (long) type.precision();
      default -> null;
    };
  }

  /** The columns of a table, as {@code PRAGMA table_info} has them. */
  Found info(String table) {
    String name = catalog.tableName(table);
    String known = name == null && catalog.views().contains(table) ? table : name;
    if (known == null) {
      throw PenstockException.incorrect(
          "sql-table", "pragma_table_info: there is no table '" + table + "'");
    }
    List<List<String>> keys = catalog.keys().of(known);
    Rows rows =
        new Rows("cid INTEGER", "name", "type", "notnull BOOLEAN", "dflt_value", "pk BOOLEAN");
    long position = 0;
    for (Field f : fields(known)) {
      boolean key = !keys.isEmpty() && keys.get(0).stream().anyMatch(f.name()::equalsIgnoreCase);
      rows.add(
          position++, f.name(), TypeNames.of(f.type()), !f.nullable(), defaultOf(known, f), key);
    }
    return rows.found("pragma_table_info");
  }

  /** The columns of a table or a view; none of a view that has become wrong. */
  List<Field> fields(String name) {
    String view = catalog.view(name);
    if (view == null) {
      return catalog.columns(name);
    }
    try {
      return new SqlPlanner(catalog, new Settings(), new CancellationToken())
              .plan(view, name, Tokenizer.tokens(view, name), Parameters.literals(List.of()))
              .root()
              .validatedRowType
              .getFieldList()
              .stream()
              .map(
                  f -> {
                    DataType type = SqlTypes.data(f.getType());
                    return new Field(
                        f.getName(),
                        type == null ? DataType.INT32 : type,
                        f.getType().isNullable());
                  })
              .toList();
    } catch (PenstockException e) {
      return List.of();
    }
  }

  private @Nullable String defaultOf(String table, Field column) {
    List<Token> tokens = catalog.defaults().getOrDefault(table, Map.of()).get(column.name());
    return tokens == null
        ? null
        : tokens.stream().map(Token::text).collect(Collectors.joining(" "));
  }

  static String schema(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? MAIN : name.substring(0, dot);
  }

  static String local(String name) {
    return name.substring(name.indexOf('.') + 1);
  }

  /** Rows of a table that is made for one query. */
  private static final class Rows {
    private final List<Field> fields = new ArrayList<>();
    private final List<Object> rows = new ArrayList<>();

    /**
     * @param columns each a name, and maybe a type behind it; else a text
     */
    Rows(String... columns) {
      for (String c : columns) {
        String[] parts = c.split(" ");
        fields.add(
            new Field(
                parts[0], parts.length == 1 ? DataType.VARCHAR : TypeNames.parse(parts[1]), true));
      }
    }

    Rows add(@Nullable Object... values) {
      rows.add(Form.vec(Arrays.asList(values)));
      return this;
    }

    Found found(String name) {
      List<Object> heads = new ArrayList<>();
      fields.forEach(f -> heads.add(Form.item(f.name(), Form.type(f.type()))));
      return new Found(
          name, Form.call("values+", Form.vec(heads), Form.vec(rows)), null, fields, null);
    }
  }
}
