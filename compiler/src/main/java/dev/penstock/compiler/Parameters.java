package dev.penstock.compiler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts other values in the place of the parameters of a lowered plan. */
final class Parameters extends Replacement {
  private final List<? extends @Nullable Object> values;

  /** A parameter did not take the value that is given for it. */
  private boolean misfit;

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
    Parameters parameters = new Parameters(values);
    Lowered bound = parameters.of(root);
    return parameters.misfit ? null : bound;
  }

  @Override
  @Nullable Object value(@Nullable Object key, @Nullable Object value) {
    return "schema".equals(key) || "handle".equals(key) ? value : part(value);
  }

  @Override
  @Nullable Map<?, ?> instead(Map<?, ?> m) {
    return m.get("parameter") instanceof Number n ? literal(m, n.intValue()) : null;
  }

  private Map<?, ?> literal(Map<?, ?> parameter, int i) {
    Object from = parameter.get("from");
    Object type = parameter.get("type");
    Object value = values.get(i);
    if (value != null && !String.valueOf(from).equals(type)) {
      value = PlanBridge.given(value, String.valueOf(from), String.valueOf(type));
    }
    if (value == null) {
      misfit = true;
      return parameter;
    }
    Map<Object, @Nullable Object> out = new HashMap<>(parameter);
    out.put("value", value);
    return out;
  }
}
