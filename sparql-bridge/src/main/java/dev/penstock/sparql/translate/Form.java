package dev.penstock.sparql.translate;

import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentList;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes plan data: symbols, calls, vectors, options. */
final class Form {
  /** The null of an unbound variable. */
  static final Object UNBOUND = call("cast", null, key("int64"));

  private Form() {}

  static Symbol sym(String name) {
    return Symbol.intern(null, name);
  }

  static Keyword key(String name) {
    return Keyword.intern(null, name);
  }

  /** {@code (head a b ...)}. */
  static Object call(String head, @Nullable Object... args) {
    return call(head, Arrays.asList(args));
  }

  /** {@code (head a b ...)}. */
  static Object call(String head, List<? extends @Nullable Object> args) {
    List<@Nullable Object> out = new ArrayList<>(args.size() + 1);
    out.add(sym(head));
    out.addAll(args);
    return PersistentList.create(out);
  }

  static Object vec(List<? extends @Nullable Object> items) {
    return PersistentVector.create(items.toArray());
  }

  static Object vec(@Nullable Object... items) {
    return PersistentVector.create(items);
  }

  /** A map from keywords. */
  static Object options(@Nullable Object... keysAndValues) {
    Object[] out = keysAndValues.clone();
    for (int i = 0; i < out.length; i += 2) {
      out[i] = key(String.valueOf(out[i]));
    }
    return PersistentArrayMap.createAsIfByAssoc(out);
  }

  /** {@code (and a b ...)}, a alone, or true. */
  static Object and(List<Object> conditions) {
    return conditions.isEmpty()
        ? Boolean.TRUE
        : conditions.size() == 1 ? conditions.get(0) : call("and", conditions);
  }

  /** {@code [New expr]}. */
  static Object item(Symbol name, @Nullable Object expr) {
    return name.equals(expr) ? name : vec(name, expr);
  }
}
