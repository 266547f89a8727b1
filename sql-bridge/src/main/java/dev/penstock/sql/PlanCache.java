package dev.penstock.sql;

import clojure.lang.Symbol;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plans of queries that were run, so that a text that comes again is not planned again. A plan is
 * found by its text, the values of its parameters and the settings; it is used as long as the
 * catalog has the same names and its tables are what they were ({@link Engine#isCurrent}). At most
 * so many plans and characters; those that were not used for the longest time go.
 *
 * <p>Concurrency: all state is under the monitor of this; plans are made, and their files looked
 * at, outside of it, so two threads may make the same plan at once.
 */
public final class PlanCache {
  private static final int MOST_PLANS = 256;
  private static final int MOST_CHARACTERS = 1 << 20;

  /** A longer text is worth more than a plan of it is worth keeping. */
  private static final int LONGEST_TEXT = 1 << 15;

  /** What a plan may hold that is another thing in each run. */
  private static final Set<String> NEVER_THE_SAME = Set.of("now", "today", "random", "random-uuid");

  /**
   * What plans are found by.
   *
   * @param values of parameters: 1 as an Integer, as a Long, and 1.0 and 1.00 are all different
   */
  private record Key(String text, List<@Nullable Object> values, List<String> settings) {}

  private final Engine engine;
  private final LinkedHashMap<Key, Prepared> plans = new LinkedHashMap<>(16, 0.75f, true);
  private int characters;
  private long version = -1;
  private long hits;

  PlanCache(Engine engine) {
    this.engine = engine;
  }

  /** How often a plan was found. */
  public synchronized long hits() {
    return hits;
  }

  /** How many plans are kept. */
  public synchronized int size() {
    return plans.size();
  }

  /**
   * The plan of a query: one that was made before, or a new one.
   *
   * @param catalogVersion another one after every change of names; read before plan is called
   * @param plan makes the plan, as plan data
   */
  Prepared get(
      String text,
      List<@Nullable Object> values,
      Settings settings,
      long catalogVersion,
      Supplier<Object> plan) {
    if (text.length() > LONGEST_TEXT || !values.stream().allMatch(PlanCache::isPlain)) {
      return engine.prepare(plan.get());
    }
    Key key =
        new Key(
            text,
            Collections.unmodifiableList(new ArrayList<>(values)),
            Settings.NAMES.stream().map(settings::get).toList());
    Prepared known = find(key, catalogVersion);
    if (known != null && engine.isCurrent(known)) {
      synchronized (this) {
        hits++;
      }
      return known;
    }
    Object made = plan.get();
    Prepared prepared = engine.prepare(made);
    if (!changes(made)) {
      keep(key, catalogVersion, prepared);
    }
    return prepared;
  }

  private synchronized @Nullable Prepared find(Key key, long catalogVersion) {
    if (catalogVersion != version) {
      plans.clear();
      characters = 0;
      version = catalogVersion;
    }
    return plans.get(key);
  }

  private synchronized void keep(Key key, long catalogVersion, Prepared prepared) {
    if (catalogVersion != version) {
      return;
    }
    if (plans.put(key, prepared) == null) {
      characters += weight(key);
    }
    Iterator<Key> eldest = plans.keySet().iterator();
    while (plans.size() > MOST_PLANS || characters > MOST_CHARACTERS) {
      characters -= weight(eldest.next());
      eldest.remove();
    }
  }

  private static int weight(Key key) {
    int sum = key.text().length();
    for (Object value : key.values()) {
      sum += value instanceof String s ? s.length() : 8;
    }
    return sum;
  }

  /** Is a value immutable, short, and equal only to what is the same in a plan? */
  private static boolean isPlain(@Nullable Object value) {
    return !(value instanceof byte[]) && !(value instanceof String s && s.length() > LONGEST_TEXT);
  }

  private static boolean changes(@Nullable Object form) {
    if (form instanceof Symbol s) {
      return NEVER_THE_SAME.contains(s.getName());
    }
    if (form instanceof Map<?, ?> m) {
      return m.values().stream().anyMatch(PlanCache::changes);
    }
    return form instanceof List<?> l && l.stream().anyMatch(PlanCache::changes);
  }
}
