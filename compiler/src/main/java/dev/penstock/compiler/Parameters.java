package dev.penstock.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts other values in the place of the parameters of a lowered plan. A node that stands at several
 * places stays one node; what has no parameter in it stays the same object.
 */
final class Parameters {
  private static final String PARAMETER = "parameter";

  /** What maps that were seen became. */
  private final IdentityHashMap<Object, Object> done = new IdentityHashMap<>();

  private final List<? extends @Nullable Object> values;

  /** A value that a parameter of its type does not take. */
  private static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;

    Misfit() {
      super(null, null, false, false);
    }
  }

  private Parameters(List<? extends @Nullable Object> values) {
    this.values = values;
  }

  /**
   * The plan with other values.
   *
   * @param values by number; those of numbers that are no parameter do not count
   * @return null if the plan does not hold for one of the values
   */
  static @Nullable Lowered bound(Lowered root, List<? extends @Nullable Object> values) {
    try {
      return Lowered.of(new Parameters(values).of(root.map()));
    } catch (Misfit e) {
      return null;
    }
  }

  private @Nullable Object of(@Nullable Object part) throws Misfit {
    if (part instanceof List<?> l) {
      return list(l);
    }
    if (!(part instanceof Map<?, ?> m)) {
      return part;
    }
    Object known = done.get(m);
    if (known == null) {
      known = m.get(PARAMETER) instanceof Number n ? literal(m, n.intValue()) : map(m);
      done.put(m, known);
    }
    return known;
  }

  private List<?> list(List<?> l) throws Misfit {
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

  private Map<?, ?> map(Map<?, ?> m) throws Misfit {
    Map<Object, @Nullable Object> changed = null;
    for (Map.Entry<?, ?> e : m.entrySet()) {
      boolean fixed = "schema".equals(e.getKey()) || "handle".equals(e.getKey());
      Object after = fixed ? e.getValue() : of(e.getValue());
      if (after != e.getValue()) {
        if (changed == null) {
          changed = new HashMap<>(m);
        }
        changed.put(e.getKey(), after);
      }
    }
    return changed == null ? m : changed;
  }

  private Map<?, ?> literal(Map<?, ?> parameter, int i) throws Misfit {
    Object from = parameter.get("from");
    Object type = parameter.get("type");
    Object value = values.get(i);
    if (value != null && !String.valueOf(from).equals(type)) {
      value = PlanBridge.given(value, String.valueOf(from), String.valueOf(type));
    }
    if (value == null) {
      throw new Misfit();
    }
    Map<Object, @Nullable Object> out = new HashMap<>(parameter);
    out.put("value", value);
    return out;
  }
}
