package dev.penstock.sql;

import clojure.lang.Symbol;
import dev.penstock.compiler.Engine;
import dev.penstock.compiler.Prepared;
import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.calcite.Parameter;
import dev.penstock.sql.calcite.Parameters;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Plans of queries that were run, so that a text that comes again is not planned again. A plan is
 * found by its text, the types of its parameters, the values of those that it holds as literals,
 * and the settings; it is used as long as the catalog has the same names and its tables are what
 * they were ({@link Engine#isCurrent}). At most so many plans and characters; those that were not
 * used for the longest time go.
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
   * @param values of parameters, where a plan holds them as literals: 1 as an Integer, as a Long,
   *     and 1.0 and 1.00 are all different; else what {@link Parameter#kind} says of them
   */
  private record Key(String text, List<@Nullable Object> values, List<String> settings) {}

  /** A query with the values of its parameters, and who plans it. */
  private record Asked(
      String text,
      List<@Nullable Object> values,
      List<String> settings,
      long catalogVersion,
      Function<Parameters, Object> plan,
      Function<Object, Prepared> prepare) {

    Asked(
        String text,
        List<@Nullable Object> values,
        Settings settings,
        long catalogVersion,
        Function<Parameters, Object> plan,
        Function<Object, Prepared> prepare) {
      this(
          text,
          Collections.unmodifiableList(new ArrayList<>(values)),
          settings.ofPlans(),
          catalogVersion,
          plan,
          prepare);
    }

    /** What the text and the kinds of its values alone say: null for those that are never free. */
    Key shape() {
      List<@Nullable Object> kinds = new ArrayList<>();
      values.forEach(v -> kinds.add(Parameter.kind(v)));
      return new Key(text, kinds, settings);
    }

    boolean mayBeFree() {
      return values.stream().anyMatch(v -> Parameter.kind(v) != null);
    }

    /** The key of a plan in which these parameters are free. */
    Key key(BitSet free) {
      List<@Nullable Object> parts = new ArrayList<>(values);
      free.stream().forEach(i -> parts.set(i, Parameter.kind(values.get(i))));
      return new Key(text, parts, settings);
    }

    List<@Nullable Object> plain() {
      List<@Nullable Object> out = new ArrayList<>();
      values.forEach(v -> out.add(Parameter.plain(v)));
      return out;
    }
  }

  private final Engine engine;
  private final LinkedHashMap<Key, Prepared> plans = new LinkedHashMap<>(16, 0.75f, true);

  /** By texts and kinds of parameters: which ones a plan holds for all values. */
  private final LinkedHashMap<Key, BitSet> free = new LinkedHashMap<>(16, 0.75f, true);

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
   * @param prepare prepares a plan on the engine
   */
  Prepared get(
      String text,
      List<@Nullable Object> values,
      Settings settings,
      long catalogVersion,
      Function<Parameters, Object> plan,
      Function<Object, Prepared> prepare) {
    if (text.length() > LONGEST_TEXT || !values.stream().allMatch(PlanCache::isPlain)) {
      return prepare.apply(plan.apply(Parameters.literals(values)));
    }
    Asked asked = new Asked(text, values, settings, catalogVersion, plan, prepare);
    Key shape = asked.shape();
    BitSet free = asked.mayBeFree() ? free(shape, catalogVersion) : new BitSet();
    if (free != null && free.isEmpty()) {
      return literal(asked);
    }
    Prepared known = free == null ? null : known(asked.key(free), catalogVersion);
    if (known != null) {
      Prepared bound = known.with(asked.plain());
      return bound == null ? literal(asked) : bound;
    }
    try {
      return freed(asked, shape);
    } catch (PenstockException e) {
      ifCancelled(e);
      Prepared made = literal(asked); // or the same error, about the values
      remember(shape, new BitSet(), catalogVersion);
      return made;
    }
  }

  /**
   * A plan that holds for all values of its parameters; null if there is none, or none that holds
   * for these.
   */
  @Nullable Prepared freed(
      String text,
      List<@Nullable Object> values,
      Settings settings,
      long catalogVersion,
      Function<Parameters, Object> plan,
      Function<Object, Prepared> prepare) {
    Asked asked = new Asked(text, values, settings, catalogVersion, plan, prepare);
    Key shape = asked.shape();
    BitSet free = free(shape, catalogVersion);
    if (free != null && free.cardinality() < values.size()) {
      return null;
    }
    Prepared known = free == null ? null : known(asked.key(free), catalogVersion);
    if (known != null) {
      return known.with(asked.plain());
    }
    try {
      Prepared made = freed(asked, shape);
      BitSet found = free(shape, catalogVersion);
      return found != null && found.cardinality() == values.size() ? made : null;
    } catch (PenstockException e) {
      ifCancelled(e);
      remember(shape, new BitSet(), catalogVersion);
      return null; // the text as it is has the better message
    }
  }

  /** That says nothing of a plan. */
  private static void ifCancelled(PenstockException e) {
    if (e.category() == PenstockException.Category.CANCELLED) {
      throw e;
    }
  }

  /** A plan for all values of the parameters that may be free. */
  private Prepared freed(Asked asked, Key shape) {
    Parameters given = Parameters.kept(asked.values());
    Object made = asked.plan().apply(given);
    Prepared prepared = asked.prepare().apply(made);
    remember(shape, given.free(), asked.catalogVersion());
    if (!changes(made)) {
      keep(asked.key(given.free()), asked.catalogVersion(), prepared);
    }
    return prepared;
  }

  /** A plan for these values alone. */
  private Prepared literal(Asked asked) {
    Key key = asked.key(new BitSet());
    Prepared known = known(key, asked.catalogVersion());
    if (known != null) {
      return known;
    }
    Object made = asked.plan().apply(Parameters.literals(asked.values()));
    Prepared prepared = asked.prepare().apply(made);
    if (!changes(made)) {
      keep(key, asked.catalogVersion(), prepared);
    }
    return prepared;
  }

  private @Nullable Prepared known(Key key, long catalogVersion) {
    Prepared known = find(key, catalogVersion);
    if (known == null || !engine.isCurrent(known)) {
      return null;
    }
    synchronized (this) {
      hits++;
    }
    return known;
  }

  private synchronized @Nullable BitSet free(Key shape, long catalogVersion) {
    forget(catalogVersion);
    return free.get(shape);
  }

  private synchronized void remember(Key shape, BitSet which, long catalogVersion) {
    if (catalogVersion == version) {
      free.put(shape, which);
      if (free.size() > MOST_PLANS) {
        Iterator<Key> eldest = free.keySet().iterator();
        eldest.next();
        eldest.remove();
      }
    }
  }

  private synchronized @Nullable Prepared find(Key key, long catalogVersion) {
    forget(catalogVersion);
    return plans.get(key);
  }

  private void forget(long catalogVersion) {
    if (catalogVersion != version) {
      plans.clear();
      free.clear();
      characters = 0;
      version = catalogVersion;
    }
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
