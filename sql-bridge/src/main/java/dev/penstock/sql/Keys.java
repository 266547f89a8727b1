package dev.penstock.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What statements said of indexes and keys. Nothing is indexed, and nobody checks that keys are
 * unique: the names of indexes are kept so that a second one and a missing one are told, and the
 * keys for {@code INSERT OR REPLACE}. Names do not tell case apart. Thread-safe.
 */
public final class Keys {
  /**
   * @param columns of a unique index; empty: it is none
   */
  private record Index(String table, List<String> columns) {}

  private final Map<String, Index> indexes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, List<List<String>>> declared =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** A table is made: its keys, and no index. */
  public synchronized void declare(String table, List<List<String>> keys) {
    forget(table);
    declared.put(table, List.copyOf(keys));
  }

  /** A table is dropped, and its indexes with it. */
  public synchronized void forget(String table) {
    declared.remove(table);
    indexes.values().removeIf(index -> index.table().equalsIgnoreCase(table));
  }

  /** A table or a column has another name, or a column is gone (its new name is null). */
  public synchronized void rename(String table, String to, String column, @Nullable String other) {
    List<List<String>> keys = new ArrayList<>();
    declared.getOrDefault(table, List.of()).forEach(k -> keys.add(renamed(k, column, other)));
    declared.remove(table);
    declared.put(to, keys.stream().filter(k -> !k.isEmpty()).toList());
    indexes.replaceAll(
        (name, index) ->
            index.table().equalsIgnoreCase(table)
                ? new Index(to, renamed(index.columns(), column, other))
                : index);
  }

  private static List<String> renamed(List<String> key, String column, @Nullable String other) {
    if (other == null && key.stream().anyMatch(column::equalsIgnoreCase)) {
      return List.of();
    }
    return key.stream().map(c -> other != null && c.equalsIgnoreCase(column) ? other : c).toList();
  }

  /** The table of an index; null: there is no such index. */
  public synchronized @Nullable String tableOf(String index) {
    Index found = indexes.get(index);
    return found == null ? null : found.table();
  }

  /**
   * @param columns of a unique index; empty: it is none
   */
  public synchronized void addIndex(String name, String table, List<String> columns) {
    indexes.put(name, new Index(table, List.copyOf(columns)));
  }

  public synchronized void dropIndex(String name) {
    indexes.remove(name);
  }

  /** The keys of a table: its columns each, those that its unique indexes say among them. */
  public synchronized List<List<String>> of(String table) {
    LinkedHashSet<List<String>> keys = new LinkedHashSet<>();
    keys.addAll(declared.getOrDefault(table, List.of()));
    for (Index index : indexes.values()) {
      if (index.table().equalsIgnoreCase(table) && !index.columns().isEmpty()) {
        keys.add(index.columns());
      }
    }
    return List.copyOf(keys);
  }
}
