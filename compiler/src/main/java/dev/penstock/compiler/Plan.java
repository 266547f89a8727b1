package dev.penstock.compiler;

import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentList;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import dev.penstock.batch.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds plans in Java: the same values that a REPL and EDN text give. Immutable; each method gives
 * a new plan.
 *
 * <pre>{@code
 * Plan adults = Plan.table("people.csv").filter(call(">", col("Age"), 20)).project("Name", "Age");
 * }</pre>
 *
 * <p>Arguments of {@link #call} are columns ({@link #col}), calls, and constants (numbers, strings,
 * booleans, java.time values, null).
 */
public final class Plan {
  private final Object form;

  private Plan(Object form) {
    this.form = form;
  }

  /** The plan as Clojure data. */
  public Object form() {
    return form;
  }

  /** A plan of Clojure data. */
  public static Plan of(Object form) {
    return new Plan(form);
  }

  /** A column. */
  public static Object col(String name) {
    return Symbol.intern(null, name);
  }

  /** A call of a scalar function or an aggregate. */
  public static Object call(String function, @Nullable Object... args) {
    return list(function, args);
  }

  /** {@code (cast expr type)}. */
  public static Object cast(@Nullable Object expr, DataType type) {
    return list("cast", expr, PlanBridge.typeForm(type));
  }

  /** A pair of a new name and an expression, for projections, bindings, aggregates. */
  public static Object as(String name, Object expr) {
    return PersistentVector.create(col(name), expr);
  }

  /** A sort item, largest first. */
  public static Object desc(Object expr) {
    return PersistentVector.create(expr, Keyword.intern("desc"));
  }

  /** A table by path, glob or folder, or by its name in the catalog. */
  public static Plan table(String pathOrName, String... columns) {
    return columns.length == 0
        ? op("table+", pathOrName)
        : op("table+", pathOrName, columns((Object[]) columns));
  }

  /** A table with options for its source. */
  public static Plan table(String pathOrName, Map<String, ?> options, String... columns) {
    Object opts = options(options);
    return columns.length == 0
        ? op("table+", pathOrName, opts)
        : op("table+", pathOrName, columns((Object[]) columns), opts);
  }

  /** Literal rows. */
  public static Plan values(List<String> columns, List<? extends List<?>> rows) {
    Object[] out = rows.stream().map(r -> PersistentVector.create(r.toArray())).toArray();
    return op("values+", columns(columns.toArray()), PersistentVector.create(out));
  }

  public Plan filter(Object predicate) {
    return op("filter+", predicate, form);
  }

  /**
   * @param items names of columns, or pairs of {@link #as}
   */
  public Plan project(Object... items) {
    return op("project+", columns(items), form);
  }

  public Plan bind(Object... pairs) {
    return op("bind+", columns(pairs), form);
  }

  /** A natural inner join. */
  public Plan join(Plan right) {
    return op("join+", form, right.form);
  }

  /**
   * @param kind inner, left, right, full, semi, anti, null-anti, cross
   * @param criterion names of shared columns (a List of String), or a boolean expression over both
   *     sides
   */
  public Plan join(String kind, Object criterion, Plan right) {
    Object crit =
        criterion instanceof List<?> l && l.stream().allMatch(String.class::isInstance)
            ? columns(l.toArray())
            : criterion;
    return op("join+", Keyword.intern(kind), crit, form, right.form);
  }

  public Plan union(Plan other) {
    return op("union+", form, other.form);
  }

  public Plan intersect(Plan other) {
    return op("intersect+", form, other.form);
  }

  public Plan minus(Plan other) {
    return op("minus+", form, other.form);
  }

  public Plan distinct() {
    return op("distinct+", form);
  }

  /**
   * @param keys names of columns or pairs of {@link #as}
   * @param aggregates pairs of {@link #as} with calls of aggregates
   */
  public Plan group(List<?> keys, Object... aggregates) {
    return op("group+", columns(keys.toArray()), columns(aggregates), form);
  }

  /**
   * @param items names of columns, or {@link #desc}
   */
  public Plan sort(Object... items) {
    return op("sort+", columns(items), form);
  }

  public Plan top(long n, Object... items) {
    return op("top+", n, columns(items), form);
  }

  public Plan slice(long offset, @Nullable Long limit) {
    return op("slice+", offset, limit, form);
  }

  /** Any operator, by its name; plans among the arguments become their forms. */
  public static Plan op(String operator, @Nullable Object... args) {
    return new Plan(list(operator, args));
  }

  private static Object list(String head, @Nullable Object... args) {
    List<@Nullable Object> out = new ArrayList<>(args.length + 1);
    out.add(Symbol.intern(null, head));
    for (Object arg : args) {
      out.add(
          arg instanceof Plan p ? p.form : arg instanceof Integer i ? (Object) i.longValue() : arg);
    }
    return PersistentList.create(out);
  }

  private static Object columns(Object... items) {
    return PersistentVector.create(
        Arrays.stream(items).map(i -> i instanceof String name ? col(name) : i).toArray());
  }

  private static Object options(Map<String, ?> options) {
    List<@Nullable Object> out = new ArrayList<>();
    options.forEach(
        (k, v) -> {
          out.add(Keyword.intern(null, k));
          out.add(v instanceof DataType t ? PlanBridge.typeForm(t) : v);
        });
    return PersistentArrayMap.createAsIfByAssoc(out.toArray());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Plan p && p.form.equals(form);
  }

  @Override
  public int hashCode() {
    return form.hashCode();
  }

  @Override
  public String toString() {
    return form.toString();
  }
}
