package dev.penstock.compiler;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentVector;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.SortedSource;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statistics of a table as the planner reads them: {@code :stats} of docs/plan-language.md, 7. */
final class DescribedStatistics {
  private static final Keyword ROWS = Keyword.intern("rows");
  private static final Keyword ROWS_EXACT = Keyword.intern("rows-exact");
  private static final Keyword COLUMNS = Keyword.intern("columns");
  private static final Keyword KEYS = Keyword.intern("keys");
  private static final Keyword DISTINCT = Keyword.intern("distinct");
  private static final Keyword MIN = Keyword.intern("min");
  private static final Keyword MAX = Keyword.intern("max");
  private static final Keyword BOUNDS_EXACT = Keyword.intern("bounds-exact");
  private static final Keyword SORTED_BY = Keyword.intern("sorted-by");
  private static final Keyword FINDS = Keyword.intern("finds");
  private static final Keyword BY_KEYS = Keyword.intern("by-keys");
  private static final Keyword NULLS = Keyword.intern("nulls");

  private DescribedStatistics() {}

  /** With what a source says of its rows' order and of keys, if the table is one. */
  static IPersistentMap of(Schema schema, Statistics statistics, Object table) {
    List<Object> out = new ArrayList<>();
    if (table instanceof SortedSource sorted) {
      orders(schema, sorted, out);
    }
    if (table instanceof Source source && source.isReadByKeys()) {
      add(out, BY_KEYS, true);
    }
    if (statistics.rows() >= 0) {
      add(out, ROWS, statistics.rows());
      add(out, ROWS_EXACT, statistics.rowsExact());
    }
    add(out, COLUMNS, new LazyColumns(schema, statistics));
    if (!statistics.keys().isEmpty()) {
      add(
          out,
          KEYS,
          PersistentVector.create(
              statistics.keys().stream().map(PersistentVector::create).toList()));
    }
    return PersistentArrayMap.createAsIfByAssoc(out.toArray());
  }

  private static void orders(Schema schema, SortedSource source, List<Object> out) {
    if (source.sortedBy() >= 0) {
      add(out, SORTED_BY, schema.field(source.sortedBy()).name());
    }
    List<Object> finds = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      long among = source.findsAmong(i);
      if (among >= 0) {
        finds.add(schema.field(i).name());
        finds.add(among);
      }
    }
    add(out, FINDS, PersistentArrayMap.createAsIfByAssoc(finds.toArray()));
  }

  private static void add(List<Object> out, Keyword key, Object value) {
    out.add(key);
    out.add(value);
  }

  /** One column; what is unknown is left out. */
  static IPersistentMap of(ColumnStatistics c) {
    List<Object> out = new ArrayList<>();
    if (c.distinct() >= 0) {
      add(out, DISTINCT, c.distinct());
    }
    Object min = plannerValue(c.min());
    if (min != null) {
      add(out, MIN, min);
    }
    Object max = plannerValue(c.max());
    if (max != null) {
      add(out, MAX, max);
    }
    if (min != null || max != null) {
      add(out, BOUNDS_EXACT, c.boundsExact());
    }
    if (c.nullShare() >= 0) {
      add(out, NULLS, c.nullShare());
    }
    return PersistentArrayMap.createAsIfByAssoc(out.toArray());
  }

  private static @Nullable Object plannerValue(@Nullable Object value) {
    return value instanceof Integer i ? (Object) i.longValue() : value;
  }
}
