package dev.penstock.compiler;

import clojure.lang.APersistentMap;
import clojure.lang.IMapEntry;
import clojure.lang.IPersistentCollection;
import clojure.lang.IPersistentMap;
import clojure.lang.ISeq;
import clojure.lang.MapEntry;
import clojure.lang.PersistentHashMap;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.Statistics;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A persistent map from the names of a table's columns to their figures, which are found out when a
 * column is looked up: the planner asks for few of them, and each may cost reading. Going over the
 * entries finds out all. Changing it gives a plain map.
 *
 * <p>Equality and hash are those of the statistics object, so that comparing plans reads nothing.
 */
final class LazyColumns extends APersistentMap {
  private static final long serialVersionUID = 1;

  private final transient Schema schema;
  private final transient Statistics statistics;
  private final transient AtomicReferenceArray<IPersistentMap> found;

  LazyColumns(Schema schema, Statistics statistics) {
    this.schema = schema;
    this.statistics = statistics;
    this.found = new AtomicReferenceArray<>(schema.size());
  }

  private int ordinal(@Nullable Object key) {
    return key instanceof String name ? schema.indexOf(name) : -1;
  }

  private IPersistentMap figures(int ordinal) {
    IPersistentMap known = found.get(ordinal);
    if (known == null) {
      known = DescribedStatistics.of(statistics.column(ordinal));
      found.set(ordinal, known);
    }
    return known;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return ordinal(key) >= 0;
  }

  @Override
  public @Nullable IMapEntry entryAt(@Nullable Object key) {
    int i = ordinal(key);
    return i < 0 ? null : MapEntry.create(key, figures(i));
  }

  @Override
  public @Nullable Object valAt(@Nullable Object key) {
    return valAt(key, null);
  }

  @Override
  public @Nullable Object valAt(@Nullable Object key, @Nullable Object other) {
    int i = ordinal(key);
    return i < 0 ? other : figures(i);
  }

  @Override
  public int count() {
    return schema.size();
  }

  private IPersistentMap plain() {
    List<Object> out = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      out.add(schema.field(i).name());
      out.add(figures(i));
    }
    return PersistentHashMap.create(out.toArray());
  }

  @Override
  public IPersistentMap assoc(Object key, @Nullable Object value) {
    return plain().assoc(key, value);
  }

  @Override
  public IPersistentMap assocEx(Object key, @Nullable Object value) {
    return plain().assocEx(key, value);
  }

  @Override
  public IPersistentMap without(Object key) {
    return plain().without(key);
  }

  @Override
  public IPersistentCollection empty() {
    return PersistentHashMap.EMPTY;
  }

  @Override
  public @Nullable ISeq seq() {
    return plain().seq();
  }

  @Override
  public Iterator<?> iterator() {
    return plain().iterator();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LazyColumns c && c.statistics == statistics;
  }

  @Override
  public boolean equiv(@Nullable Object other) {
    return equals(other);
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(statistics);
  }

  @Override
  public int hasheq() {
    return hashCode();
  }
}
