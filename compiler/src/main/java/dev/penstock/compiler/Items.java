package dev.penstock.compiler;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentHashMap;
import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Schema;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From batches to the items that functions of the stream level see, and back. An item of a relation
 * is a map from keyword to value; an item of any other stream is the value of its one column {@code
 * it}.
 */
final class Items {
  private static final int ARRAY_MAP_COLUMNS = 8;

  private final Schema schema;
  private final boolean rows;
  private final Keyword[] keys;

  /**
   * @param rows whether items are maps; else the schema has the one column {@code it}
   */
  Items(Schema schema, boolean rows) {
    this.schema = schema;
    this.rows = rows;
    this.keys = new Keyword[schema.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Keyword.intern(null, schema.field(i).name());
    }
  }

  /** The item at a physical position. */
  @Nullable Object item(Batch batch, int position) {
    if (!rows) {
      return value(batch.column(0), position);
    }
    Object[] pairs = new Object[2 * keys.length];
    for (int i = 0; i < keys.length; i++) {
      pairs[2 * i] = keys[i];
      pairs[2 * i + 1] = value(batch.column(i), position);
    }
    return keys.length <= ARRAY_MAP_COLUMNS
        ? new PersistentArrayMap(pairs)
        : PersistentHashMap.create(pairs);
  }

  private static @Nullable Object value(Column column, int position) {
    Object v = column.value(position);
    if (v instanceof Integer i) {
      return i.longValue();
    }
    if (v instanceof Interval i) {
      return interval(i);
    }
    return v;
  }

  private static IPersistentMap interval(Interval i) {
    return PersistentArrayMap.createAsIfByAssoc(
        new Object[] {
          Keyword.intern("months"), (long) i.months(),
          Keyword.intern("days"), (long) i.days(),
          Keyword.intern("micros"), i.micros()
        });
  }

  /** A batch of these items. */
  Batch batch(List<?> items) {
    Column[] columns = new Column[keys.length];
    for (int c = 0; c < columns.length; c++) {
      DataType type = schema.type(c);
      ColumnBuilder builder = ColumnBuilder.of(type, items.size());
      for (Object item : items) {
        builder.appendValue(Exprs.hostValue(type, rows ? field(item, c) : item));
      }
      columns[c] = builder.build();
    }
    return Batch.of(items.size(), columns);
  }

  private @Nullable Object field(@Nullable Object item, int column) {
    if (!(item instanceof Map<?, ?> map)) {
      throw PenstockException.incorrect(
          "bad-item",
          "expected a function to give a map with the keys "
              + List.of(keys)
              + ", got "
              + item
              + "; declare no columns to give plain values");
    }
    return map.get(keys[column]);
  }
}
