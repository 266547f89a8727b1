package dev.penstock.compiler;

import dev.penstock.nodes.Source;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Names of tables and their sources. Thread-safe.
 *
 * <p>Concurrency: {@code version} is counted up after a change of {@code tables}; who reads it
 * first and then finds it unchanged has seen no change but one that was still under way.
 */
public final class Catalog {
  private final ConcurrentSkipListMap<String, Source> tables = new ConcurrentSkipListMap<>();

  private final ConcurrentHashMap<String, Source> unlisted = new ConcurrentHashMap<>();

  private final AtomicLong version = new AtomicLong();

  /** Another number after every change of names. */
  public long version() {
    return version.get();
  }

  /** Adds or replaces a table. */
  public Catalog add(String name, Source source) {
    tables.put(name, source);
    version.incrementAndGet();
    return this;
  }

  /** Adds what plans name and people do not: it is found, but no list of names has it. */
  public Catalog addUnlisted(String name, Source source) {
    unlisted.put(name, source);
    version.incrementAndGet();
    return this;
  }

  /** Adds a table unless there is one of that name; returns whether it did. */
  public boolean addIfAbsent(String name, Source source) {
    boolean added = tables.putIfAbsent(name, source) == null;
    version.incrementAndGet();
    return added;
  }

  /** Adds or replaces a table in one step; returns the one that was there. */
  public @Nullable Source replace(String name, Source source) {
    Source before = tables.put(name, source);
    version.incrementAndGet();
    return before;
  }

  public @Nullable Source get(String name) {
    Source listed = tables.get(name);
    return listed == null ? unlisted.get(name) : listed;
  }

  public void remove(String name) {
    take(name);
  }

  public void removeUnlisted(String name) {
    unlisted.remove(name);
    version.incrementAndGet();
  }

  /** Removes a table in one step; returns it, or null when there was none. */
  public @Nullable Source take(String name) {
    Source before = tables.remove(name);
    version.incrementAndGet();
    return before;
  }

  /** The names of tables, sorted. */
  public List<String> names() {
    return List.copyOf(tables.keySet());
  }
}
