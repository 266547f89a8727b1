package dev.penstock.compiler;

import dev.penstock.nodes.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts other sources in the place of those that a lowered plan scans. A node that stands at several
 * places stays one node, and a source that is scanned twice stays one source.
 */
final class Handles {
  private static final String HANDLE = "handle";

  private final UnaryOperator<Source> other;

  /** What maps and sources that were seen became. */
  private final IdentityHashMap<Object, Object> done = new IdentityHashMap<>();

  private Handles(UnaryOperator<Source> other) {
    this.other = other;
  }

  static Lowered replaced(Lowered root, UnaryOperator<Source> other) {
    return Lowered.of(new Handles(other).of(root.map()));
  }

  private @Nullable Object of(@Nullable Object part) {
    if (part instanceof List<?> l) {
      return list(l);
    }
    if (!(part instanceof Map<?, ?> m)) {
      return part;
    }
    Object known = done.get(m);
    if (known == null) {
      known = map(m);
      done.put(m, known);
    }
    return known;
  }

  private List<?> list(List<?> l) {
    List<@Nullable Object> changed = null;
    for (int i = 0; i < l.size(); i++) {
      Object before = l.get(i);
      Object after = of(before);
      if (after != before && changed == null) {
        changed = new ArrayList<>(l);
      }
      if (changed != null) {
        changed.set(i, after);
      }
    }
    return changed == null ? l : changed;
  }

  private Map<?, ?> map(Map<?, ?> m) {
    Map<Object, @Nullable Object> changed = null;
    for (Map.Entry<?, ?> e : m.entrySet()) {
      Object before = e.getValue();
      Object after =
          HANDLE.equals(e.getKey()) && before instanceof Source source
              ? done.computeIfAbsent(source, s -> other.apply(source))
              : inner(e.getKey()) ? of(before) : before;
      if (after != before) {
        if (changed == null) {
          changed = new HashMap<>(m);
        }
        changed.put(e.getKey(), after);
      }
    }
    return changed == null ? m : changed;
  }

  /** Scans are among the inputs of nodes, at any depth, and nowhere in expressions. */
  private static boolean inner(@Nullable Object key) {
    return !"schema".equals(key) && !"options".equals(key) && !"stats".equals(key);
  }
}
