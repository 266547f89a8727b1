package dev.penstock.compiler;

import clojure.lang.IObj;
import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Texts that are data, for front ends: read as plans are, never evaluated. */
public final class Edn {
  private Edn() {}

  /**
   * The one form of a text: Clojure data, with places on symbols and collections.
   *
   * @param source stands before line and column in messages: a file's name
   */
  public static Object read(String text, String source) {
    return PlanBridge.read(text, source);
  }

  /** {@code file:line:column} of a form that was read, or empty: strings and numbers have none. */
  public static String place(@Nullable Object form) {
    IPersistentMap meta = form instanceof IObj o ? o.meta() : null;
    Object line = meta == null ? null : meta.valAt(Keyword.intern("line"));
    return meta == null || line == null
        ? ""
        : meta.valAt(Keyword.intern("source"))
            + ":"
            + line
            + ":"
            + meta.valAt(Keyword.intern("column"));
  }

  /** A map as plain Java: names for keywords and symbols, lists and maps within it likewise. */
  public static Map<String, Object> options(@Nullable Object map) {
    return PlanBridge.options(map);
  }
}
