package dev.penstock.sql.calcite;

import dev.penstock.batch.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.jspecify.annotations.Nullable;

/** {@link Tables} as Calcite's schema. Each name is looked up once. */
final class SchemaOfTables extends AbstractSchema {
  /** Plans a view's text. */
  interface Views {
    RelRoot plan(String name, String text);
  }

  private final Tables tables;
  private final RelDataTypeFactory types;
  private final Views views;
  private final String prefix;
  private final Map<String, Optional<Table>> seen = new LinkedHashMap<>();
  private final Map<String, List<String>> columns;

  SchemaOfTables(Tables tables, RelDataTypeFactory types, Views views) {
    this(tables, types, views, "", new LinkedHashMap<>());
  }

  private SchemaOfTables(
      Tables tables,
      RelDataTypeFactory types,
      Views views,
      String prefix,
      Map<String, List<String>> columns) {
    this.tables = tables;
    this.types = types;
    this.views = views;
    this.prefix = prefix;
    this.columns = columns;
  }

  /** Columns of the tables that were looked up, by table: for suggestions. */
  Map<String, List<String>> columns() {
    return columns;
  }

  Set<String> names() {
    return tables.names();
  }

  private @Nullable Table find(String name) {
    Optional<Table> known = seen.get(name);
    if (known == null) {
      // no computeIfAbsent: a view looks up its own tables meanwhile
      known = Optional.ofNullable(look(name));
      seen.put(name, known);
    }
    return known.orElse(null);
  }

  private @Nullable Table look(String name) {
    Tables.Found found = tables.find(prefix.isEmpty() ? List.of(name) : List.of(prefix, name));
    if (found == null) {
      return null;
    }
    columns.put(found.name(), found.fields().stream().map(Field::name).toList());
    if (found.view() != null) {
      RelRoot root = views.plan(found.name(), found.view());
      columns.put(found.name(), root.validatedRowType.getFieldNames());
      return new View(root);
    }
    return new Scan(found, rowType(found.fields()));
  }

  private RelDataType rowType(List<Field> fields) {
    RelDataTypeFactory.Builder row = types.builder();
    for (Field f : fields) {
      row.add(f.name(), SqlTypes.calcite(types, f.type(), f.nullable()));
    }
    return row.build();
  }

  @Override
  public Lookup<Table> tables() {
    return new Lookup<>() {
      @Override
      public @Nullable Table get(String name) {
        return find(name);
      }

      @Override
      public @Nullable Named<Table> getIgnoreCase(String name) {
        Table table = find(name);
        return table == null ? null : new Named<>(name, table);
      }

      @Override
      public Set<String> getNames(LikePattern pattern) {
        return Set.of();
      }
    };
  }

  @Override
  public Lookup<? extends Schema> subSchemas() {
    if (!prefix.isEmpty()) {
      return Lookup.empty();
    }
    Map<String, Schema> made = new LinkedHashMap<>();
    return new Lookup<Schema>() {
      @Override
      public @Nullable Schema get(String name) {
        if (!tables.isSchema(name)) {
          return null;
        }
        return made.computeIfAbsent(
            name, n -> new SchemaOfTables(tables, types, views, n, columns));
      }

      @Override
      public @Nullable Named<Schema> getIgnoreCase(String name) {
        Schema schema = get(name);
        return schema == null ? null : new Named<>(name, schema);
      }

      @Override
      public Set<String> getNames(LikePattern pattern) {
        return Set.of();
      }
    };
  }

  /** A table that a plan scans. */
  static final class Scan extends AbstractTable {
    private final Tables.Found found;
    private final RelDataType rowType;

    Scan(Tables.Found found, RelDataType rowType) {
      this.found = found;
      this.rowType = rowType;
    }

    Tables.Found found() {
      return found;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory typeFactory) {
      return rowType;
    }
  }

  /** A view: its query stands where its name stood. */
  private static final class View extends AbstractTable implements TranslatableTable {
    private final RelRoot root;

    View(RelRoot root) {
      this.root = root;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory typeFactory) {
      return root.validatedRowType;
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable relOptTable) {
      return root.project();
    }
  }

  /** What a scan of Calcite's reads. */
  static Tables.Found found(RelOptTable table) {
    return java.util.Objects.requireNonNull(table.unwrap(Scan.class), "scan").found();
  }
}
