package dev.penstock.sparql;

import dev.penstock.compiler.Prepared;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Source;
import dev.penstock.sparql.eval.QueryEnv;
import dev.penstock.sparql.store.PatternSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.graph.Node;
import org.apache.jena.sparql.core.Var;
import org.jspecify.annotations.Nullable;

/**
 * Plans of one state of a store, by the shapes of the queries that they were made for. A plan holds
 * the terms of its query, so one query at a time has it: who takes one gives it back, or closes it.
 *
 * <p>Idle plans are few and small, and not counted in the budget.
 *
 * <p>Concurrency: all under the monitor; plans are made outside of it, so two threads may make the
 * same one.
 */
final class Plans implements AutoCloseable {
  private static final int MOST = 256;
  private static final int MOST_TEXTS = 1024;
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int LONG_TEXT = 1 << 14;

  /** Of the same shape: so many may run at once without planning. */
  private static final int MOST_ALIKE = 8;

  /** So many times as many matches may be there, or as few, for the same order of joins. */
  private static final double GROWTH = 8;

  /** So many matches are few for any order of joins. */
  private static final long FEW_ROWS = 1000;

  /**
   * What is known of a query that is no look-up.
   *
   * @param shape equal for queries that have a plan in common
   * @param constants by which they differ
   */
  record Asked(String shape, List<Node> constants) {
    Asked {
      constants = List.copyOf(constants);
    }
  }

  /**
   * A plan, and what its functions share.
   *
   * @param asked what it was made for
   * @param isFixed whether it is for these constants only
   */
  record Kept(Asked asked, List<Var> variables, QueryEnv env, Prepared prepared, boolean isFixed) {

    /** The plan with other constants; null: it is none for them. */
    @Nullable Prepared with(List<Node> constants) {
      if (asked.constants().equals(constants)) {
        return prepared;
      }
      if (isFixed) {
        return null;
      }
      Map<Long, Long> others = new HashMap<>();
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < constants.size(); i++) {
        Long id = env.terms().encode(constants.get(i));
        others.put(env.terms().encode(asked.constants().get(i)), id);
        values.add(id);
      }
      boolean[] isAlike = {true};
      Prepared other = prepared.withSources(source -> with(source, others, isAlike));
      return isAlike[0] ? other.with(values) : null;
    }

    private static Source with(Source source, Map<Long, Long> others, boolean[] isAlike) {
      if (!(source instanceof PatternSource pattern)) {
        return source;
      }
      PatternSource other = pattern.with(id -> others.getOrDefault(id, id));
      double before = (double) pattern.rowCount();
      double now = (double) other.rowCount();
      isAlike[0] &=
          Math.max(before, now) <= FEW_ROWS || (now <= GROWTH * before && before <= GROWTH * now);
      return other;
    }
  }

  /** By shape, the longest unused first. */
  private final LinkedHashMap<String, ArrayDeque<Kept>> idle = new LinkedHashMap<>();

  private final LinkedHashMap<String, Asked> texts = new LinkedHashMap<>(16, 0.75f, true);
  private int count;
  private long characters;
  private long textCharacters;
  private boolean closed;

  /** What is known of a query; null: nothing. */
  synchronized @Nullable Asked asked(String key) {
    return texts.get(key);
  }

  synchronized void remember(String key, Asked asked) {
    if (key.length() > LONG_TEXT || texts.put(key, asked) != null) {
      return;
    }
    textCharacters += key.length();
    Iterator<String> oldest = texts.keySet().iterator();
    while (texts.size() > MOST_TEXTS || textCharacters > MOST_CHARACTERS) {
      textCharacters -= oldest.next().length();
      oldest.remove();
    }
  }

  /** A plan for the caller alone; null: there is none. */
  synchronized @Nullable Kept take(String shape) {
    ArrayDeque<Kept> alike = idle.remove(shape);
    if (alike == null) {
      return null;
    }
    Kept out = alike.pop();
    removed(out);
    if (!alike.isEmpty()) {
      idle.put(shape, alike);
    }
    try {
      out.env().resume();
    } catch (PenstockException e) { // there is no memory for its terms
      out.env().terms().close();
      throw e;
    }
    return out;
  }

  private void removed(Kept kept) {
    count--;
    characters -= kept.asked().shape().length();
  }

  /** A plan that nobody uses any more, as new. */
  synchronized void give(Kept kept) {
    String shape = kept.asked().shape();
    ArrayDeque<Kept> alike = idle.remove(shape); // it becomes the last
    if (alike == null) {
      alike = new ArrayDeque<>();
    }
    if (closed || shape.length() > LONG_TEXT) {
      kept.env().terms().close();
      return;
    }
    idle.put(shape, alike);
    if (alike.size() == MOST_ALIKE) {
      kept.env().terms().close();
      return;
    }
    kept.env().rest();
    alike.push(kept);
    count++;
    characters += shape.length();
    Iterator<Map.Entry<String, ArrayDeque<Kept>>> oldest = idle.entrySet().iterator();
    while (count > MOST || characters > MOST_CHARACTERS) {
      for (Kept old : oldest.next().getValue()) {
        removed(old);
        old.env().terms().close();
      }
      oldest.remove();
    }
  }

  /** What is used now is closed when it is given back. */
  @Override
  public synchronized void close() {
    closed = true;
    for (ArrayDeque<Kept> alike : idle.values()) {
      alike.forEach(kept -> kept.env().terms().close());
    }
    idle.clear();
    texts.clear();
    count = 0;
    characters = 0;
  }
}
