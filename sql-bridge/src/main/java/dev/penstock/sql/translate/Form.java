package dev.penstock.sql.translate;

import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentList;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import dev.penstock.batch.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes plan data: symbols, calls, vectors, options. */
public final class Form {
  private Form() {}

  /** A column, or the name of an operator. */
  public static Symbol sym(String name) {
    return Symbol.intern(null, name);
  }

  public static Keyword key(String name) {
    return Keyword.intern(null, name);
  }

  /** {@code (head a b ...)}. */
  public static Object call(String head, @Nullable Object... args) {
    return call(head, Arrays.asList(args));
  }

  /** {@code (head a b ...)}. */
  public static Object call(String head, List<? extends @Nullable Object> args) {
    List<@Nullable Object> out = new ArrayList<>(args.size() + 1);
    out.add(sym(head));
    out.addAll(args);
    return PersistentList.create(out);
  }

  public static Object vec(List<? extends @Nullable Object> items) {
    return PersistentVector.create(items.toArray());
  }

  public static Object vec(@Nullable Object... items) {
    return PersistentVector.create(items);
  }

  /** A map from keywords. */
  public static Object options(@Nullable Object... keysAndValues) {
    Object[] out = keysAndValues.clone();
    for (int i = 0; i < out.length; i += 2) {
      out[i] = key(String.valueOf(out[i]));
    }
    return PersistentArrayMap.createAsIfByAssoc(out);
  }

  /** Names as columns. */
  public static List<Object> syms(List<String> names) {
    return names.stream().map(n -> (Object) sym(n)).toList();
  }

  /** {@code (and a b ...)}, a alone, or true. */
  public static Object and(List<Object> conditions) {
    return conditions.isEmpty()
        ? Boolean.TRUE
        : conditions.size() == 1 ? conditions.get(0) : call("and", conditions);
  }

  /** A type as a plan writes it. */
  public static Object type(DataType type) {
    return type.isDecimal()
        ? vec(key("decimal"), (long) type.precision(), (long) type.scale())
        : key(type.kind().text());
  }

  /** {@code [New expr]}. */
  public static Object item(String name, @Nullable Object expr) {
    return vec(sym(name), expr);
  }
}
