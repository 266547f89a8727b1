package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.Budget;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sources.memory.ColumnTable;
import dev.penstock.sources.memory.TableAppend;

/**
 * Tables of the catalog that lie in memory. Whatever fails leaves the catalog and the tables as
 * they were.
 *
 * <p>Concurrency: a table gets its name, and loses it, in one step of the catalog; it is filled
 * before it gets its name.
 */
final class MemoryTables {
  private final Catalog catalog;
  private final Budget budget;

  MemoryTables(Catalog catalog, Budget engine) {
    this.catalog = catalog;
    this.budget = engine.child("tables in memory");
  }

  ColumnTable create(String name, Schema schema, boolean replace) {
    ColumnTable table = new ColumnTable(name, schema, budget);
    publish(table, replace);
    return table;
  }

  long create(String name, Result rows, boolean replace) {
    try (rows) {
      if (!replace && catalog.get(name) != null) {
        throw exists(name);
      }
      ColumnTable table = new ColumnTable(name, nullable(rows.schema()), budget);
      try {
        long count = fill(table, rows);
        publish(table, replace);
        return count;
      } catch (RuntimeException | Error e) {
        table.close();
        throw e;
      }
    }
  }

  /** What is made of a result takes nulls later, whatever this result can have. */
  static Schema nullable(Schema schema) {
    return new Schema(
        schema.fields().stream().map(f -> new Field(f.name(), f.type(), true)).toList());
  }

  long insert(String name, Result rows) {
    try (rows) {
      Source source = catalog.get(name);
      if (source == null) {
        throw PenstockException.incorrect("unknown-table", "there is no table " + name);
      }
      if (!(source instanceof ColumnTable table)) {
        throw PenstockException.unsupported(
            "insert", "rows can be added to a table in memory only; " + name + " is none");
      }
      int expected = table.schema().size();
      if (rows.schema().size() != expected) {
        throw PenstockException.incorrect(
            "column-count",
            "table " + name + " has " + expected + " columns, got " + rows.schema().size());
      }
      return fill(table, rows);
    }
  }

  private static long fill(ColumnTable table, Result rows) {
    try (TableAppend append = table.append()) {
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        append.add(batch);
      }
      table.commit(append);
      return append.rows();
    }
  }

  private void publish(ColumnTable table, boolean replace) {
    if (replace) {
      close(catalog.replace(table.name(), table));
    } else if (!catalog.addIfAbsent(table.name(), table)) {
      throw exists(table.name());
    }
  }

  private static PenstockException exists(String name) {
    return PenstockException.incorrect(
        "table-exists", "there is a table " + name + " already; drop it first");
  }

  boolean drop(String name) {
    Source source = catalog.take(name);
    close(source);
    return source != null;
  }

  private static void close(@org.jspecify.annotations.Nullable Source source) {
    if (source instanceof ColumnTable table) {
      table.close();
    }
  }
}
