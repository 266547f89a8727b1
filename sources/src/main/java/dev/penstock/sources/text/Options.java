package dev.penstock.sources.text;

import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options map of a {@code table+} form, read with one clear line for each mistake. Keys are
 * plain names; a leading colon (of a keyword that was turned into text) is ignored, in names and in
 * keyword-like values.
 */
public final class Options {
  private final String where;
  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  /**
   * @param where what the options belong to, for messages: {@code "people.csv"}
   */
  public Options(String where, Map<String, ? extends @Nullable Object> options) {
    this.where = where;
    options.forEach((k, v) -> values.put(plain(k), v));
  }

  static String plain(String text) {
    return text.startsWith(":") ? text.substring(1) : text;
  }

  /** Throws for the first option that is not among the known ones. */
  public void allow(List<String> known) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw PenstockException.incorrect(
            "unknown-option",
            where
                + ": unknown option :"
                + key
                + Nearest.hint(key, known)
                + " (known: "
                + String.join(" ", known.stream().map(k -> ":" + k).toList())
                + ")");
      }
    }
  }

  public boolean has(String key) {
    return values.get(key) != null;
  }

  /** Is the option there, be it with the value nil. */
  public boolean mentions(String key) {
    return values.containsKey(key);
  }

  public @Nullable String text(String key) {
    Object v = values.get(key);
    if (v == null || v instanceof String) {
      return (String) v;
    }
    if (v instanceof Iterable || v instanceof Map || v instanceof Number || v instanceof Boolean) {
      throw wrong(key, "a text", v);
    }
    return plain(v.toString()); // a character, a keyword
  }

  /** A keyword-like value: one of the choices, else the fallback when the option is absent. */
  public String choice(String key, String fallback, List<String> choices) {
    Object v = values.get(key);
    if (v == null) {
      return fallback;
    }
    String t = plain(v.toString()).toLowerCase(Locale.ROOT);
    if (!choices.contains(t)) {
      throw wrong(
          key, "one of " + String.join(" ", choices.stream().map(c -> ":" + c).toList()), v);
    }
    return t;
  }

  /** Is the value of the option this keyword. */
  public boolean names(String key, String keyword) {
    Object v = values.get(key);
    return v != null && plain(v.toString()).equalsIgnoreCase(keyword);
  }

  public @Nullable Boolean flag(String key) {
    Object v = values.get(key);
    if (v == null || v instanceof Boolean) {
      return (Boolean) v;
    }
    throw wrong(key, "true or false", v);
  }

  public int count(String key, int fallback, int atLeast) {
    Object v = values.get(key);
    if (v == null) {
      return fallback;
    }
    if (v instanceof Number n
        && n.doubleValue() == n.longValue()
        && n.longValue() >= atLeast
        && n.longValue() <= Integer.MAX_VALUE) {
      return n.intValue();
    }
    throw wrong(key, "a whole number from " + atLeast, v);
  }

  public double positive(String key, double fallback) {
    Object v = values.get(key);
    if (v == null) {
      return fallback;
    }
    if (v instanceof Number n && n.doubleValue() > 0 && Double.isFinite(n.doubleValue())) {
      return n.doubleValue();
    }
    throw wrong(key, "a number above 0", v);
  }

  /**
   * One ASCII character, written as a text of one character ({@code "\\t"} and {@code "tab"} too),
   * or -1 for nil and "".
   */
  public int ascii(String key, int fallback) {
    if (!mentions(key)) {
      return fallback;
    }
    String t = text(key);
    if (t == null || t.isEmpty()) {
      return -1;
    }
    if (t.equals("\\t") || t.equals("tab")) {
      return '\t';
    }
    if (t.length() == 1 && t.charAt(0) < 128 && t.charAt(0) != '\n' && t.charAt(0) != '\r') {
      return t.charAt(0);
    }
    throw wrong(key, "one ASCII character", t);
  }

  /** One text or a list of texts. */
  public List<String> texts(String key) {
    Object v = values.get(key);
    if (v == null) {
      return List.of();
    }
    if (v instanceof String s) {
      return List.of(s);
    }
    if (v instanceof Iterable<?> many) {
      List<String> out = new ArrayList<>();
      for (Object o : many) {
        if (o == null || o instanceof Iterable || o instanceof Map) {
          throw wrong(key, "a text or a list of texts", v);
        }
        out.add(o instanceof String t ? t : plain(o.toString()));
      }
      return List.copyOf(out);
    }
    throw wrong(key, "a text or a list of texts", v);
  }

  /**
   * Column name to type: {@code {Zip :varchar, Price [:decimal 10 2]}}; types also as text, {@code
   * "decimal(10,2)"}.
   */
  public Map<String, DataType> types(String key) {
    Object v = values.get(key);
    if (v == null) {
      return Map.of();
    }
    if (!(v instanceof Map<?, ?> map)) {
      throw wrong(key, "a map from column to type", v);
    }
    Map<String, DataType> out = new LinkedHashMap<>();
    map.forEach((k, t) -> out.put(plain(String.valueOf(k)), type(key, t)));
    return out;
  }

  private DataType type(String key, @Nullable Object t) {
    if (t instanceof DataType d) {
      return d;
    }
    if (t instanceof List<?> l && l.size() == 3) {
      return DataType.parse(plain(l.get(0) + "") + "(" + l.get(1) + "," + l.get(2) + ")");
    }
    if (t == null || t instanceof Iterable || t instanceof Map) {
      throw wrong(key, "a type such as :int64 or [:decimal 15 2]", t);
    }
    return DataType.parse(plain(t.toString()));
  }

  private PenstockException wrong(String key, String expected, @Nullable Object got) {
    String shown = got instanceof String s ? '"' + s + '"' : String.valueOf(got);
    return PenstockException.incorrect(
        "bad-option", where + ": option :" + key + ": expected " + expected + ", got " + shown);
  }
}
