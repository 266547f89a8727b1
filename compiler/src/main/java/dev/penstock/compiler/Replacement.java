package dev.penstock.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies a lowered plan with parts of it replaced. A node that stands at several places stays one
 * node; what has nothing replaced in it stays the same object.
 */
abstract class Replacement {
  /** What maps that were seen became. */
  private final IdentityHashMap<Object, Object> done = new IdentityHashMap<>();

  final Lowered of(Lowered root) {
    return Lowered.of(part(root.map()));
  }

  /** What stands in the place of a map, or null: a copy of it, with the parts in it replaced. */
  @Nullable Map<?, ?> instead(Map<?, ?> m) {
    return null;
  }

  /** What becomes of the value of a key: itself, or {@link #part} of it. */
  abstract @Nullable Object value(@Nullable Object key, @Nullable Object value);

  /** The part with what is in it replaced. */
  final @Nullable Object part(@Nullable Object part) {
    if (part instanceof List<?> l) {
      return list(l);
    }
    if (!(part instanceof Map<?, ?> m)) {
      return part;
    }
    Object known = done.get(m);
    if (known == null) {
      Map<?, ?> instead = instead(m);
      known = instead == null ? map(m) : instead;
      done.put(m, known);
    }
    return known;
  }

  private List<?> list(List<?> l) {
    List<@Nullable Object> changed = null;
    for (int i = 0; i < l.size(); i++) {
      Object before = l.get(i);
      Object after = part(before);
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
      Object after = value(e.getKey(), e.getValue());
      if (after != e.getValue()) {
        if (changed == null) {
          changed = new HashMap<>(m);
        }
        changed.put(e.getKey(), after);
      }
    }
    return changed == null ? m : changed;
  }
}
