package dev.penstock.compiler;

import dev.penstock.nodes.Source;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Names of tables and their sources. Thread-safe. */
public final class Catalog {
  private final ConcurrentSkipListMap<String, Source> tables = new ConcurrentSkipListMap<>();

  /** Adds or replaces a table. */
  public Catalog add(String name, Source source) {
    tables.put(name, source);
    return this;
  }

  /** Adds a table unless there is one of that name; returns whether it did. */
  public boolean addIfAbsent(String name, Source source) {
    return tables.putIfAbsent(name, source) == null;
  }

  /** Adds or replaces a table in one step; returns the one that was there. */
  public @Nullable Source replace(String name, Source source) {
    return tables.put(name, source);
  }

  public @Nullable Source get(String name) {
    return tables.get(name);
  }

  public void remove(String name) {
    tables.remove(name);
  }

  /** Removes a table in one step; returns it, or null when there was none. */
  public @Nullable Source take(String name) {
    return tables.remove(name);
  }

  /** All names, sorted. */
  public List<String> names() {
    return List.copyOf(tables.keySet());
  }
}
