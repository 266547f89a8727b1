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

  public @Nullable Source get(String name) {
    return tables.get(name);
  }

  public void remove(String name) {
    tables.remove(name);
  }

  /** All names, sorted. */
  public List<String> names() {
    return List.copyOf(tables.keySet());
  }
}
