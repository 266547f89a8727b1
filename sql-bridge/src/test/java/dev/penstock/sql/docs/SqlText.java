package dev.penstock.sql.docs;

import clojure.lang.Keyword;
import clojure.lang.Symbol;
import dev.penstock.sql.TypeNames;
import dev.penstock.sql.calcite.Operators;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Expressions of the plan language as people write them in SQL. */
final class SqlText {
  private static final Map<String, String> INFIX =
      Map.ofEntries(
          Map.entry("=", "="),
          Map.entry("not=", "<>"),
          Map.entry("<", "<"),
          Map.entry("<=", "<="),
          Map.entry(">", ">"),
          Map.entry(">=", ">="),
          Map.entry("+", "+"),
          Map.entry("-", "-"),
          Map.entry("*", "*"),
          Map.entry("/", "/"),
          Map.entry("quot", "//"),
          Map.entry("rem", "%"),
          Map.entry("and", "AND"),
          Map.entry("or", "OR"),
          Map.entry("concat", "||"),
          Map.entry("like", "LIKE"),
          Map.entry("ilike", "ILIKE"),
          Map.entry("similar-to", "SIMILAR TO"),
          Map.entry("bit-and", "&"),
          Map.entry("is-distinct", "IS DISTINCT FROM"),
          Map.entry("is-not-distinct", "IS NOT DISTINCT FROM"));
  private static final Map<String, String> SUFFIX =
      Map.of(
          "is-null", "IS NULL",
          "is-not-null", "IS NOT NULL",
          "is-true", "IS TRUE",
          "is-false", "IS FALSE");

  private SqlText() {}

  static String of(@Nullable Object form) {
    if (form instanceof List<?> list && !(form instanceof clojure.lang.IPersistentVector)) {
      return call(String.valueOf(list.get(0)), list.subList(1, list.size()));
    }
    return literal(form);
  }

  private static String call(String name, List<?> args) {
    List<String> parts = new ArrayList<>();
    switch (name) {
      case "case" -> {
        return cases("CASE", args);
      }
      case "switch" -> {
        return cases("CASE " + of(args.get(0)), args.subList(1, args.size()));
      }
      case "cast", "try-cast" -> {
        return Operators.sqlName(name) + "(" + of(args.get(0)) + " AS " + type(args.get(1)) + ")";
      }
      case "in" -> {
        ((List<?>) args.get(1)).forEach(v -> parts.add(of(v)));
        return operand(args.get(0)) + " IN (" + String.join(", ", parts) + ")";
      }
      case "between" -> {
        return operand(args.get(0)) + " BETWEEN " + of(args.get(1)) + " AND " + of(args.get(2));
      }
      case "not" -> {
        return "NOT " + operand(args.get(0));
      }
      case "position" -> {
        return "position(" + of(args.get(0)) + " IN " + of(args.get(1)) + ")";
      }
      default -> {
        args.forEach(a -> parts.add(of(a)));
      }
    }
    if (SUFFIX.containsKey(name)) {
      return operand(args.get(0)) + " " + SUFFIX.get(name);
    }
    String sign = INFIX.get(name);
    if (sign != null && args.size() == 1) {
      return sign + operand(args.get(0));
    }
    if (sign != null
        && (args.size() == 2 || !name.contains("like") && !name.equals("similar-to"))) {
      return String.join(" " + sign + " ", args.stream().map(SqlText::operand).toList());
    }
    if (sign != null) {
      return operand(args.get(0))
          + " "
          + sign
          + " "
          + of(args.get(1))
          + " ESCAPE "
          + of(args.get(2));
    }
    String options = "";
    if (!args.isEmpty()
        && args.get(args.size() - 1) instanceof Map<?, ?> map
        && map.containsKey(Keyword.intern("order"))) {
      parts.remove(parts.size() - 1);
      options = options(map);
    }
    String own =
        name.equals("bit-or") || name.equals("bit-xor") ? name.replace("bit", "bitwise") : name;
    return Operators.sqlName(own).toLowerCase(Locale.ROOT)
        + "("
        + String.join(", ", parts)
        + options
        + (options.isEmpty() ? ")" : "");
  }

  /** What stands behind the arguments of an aggregate, with the parenthesis. */
  private static String options(Map<?, ?> map) {
    List<String> items = new ArrayList<>();
    for (Object item :
        (List<?>) java.util.Objects.requireNonNull(map.get(Keyword.intern("order")))) {
      items.add(
          item instanceof List<?> l && l.contains(Keyword.intern("desc"))
              ? of(l.get(0)) + " DESC"
              : of(item));
    }
    Object filter = map.get(Keyword.intern("filter"));
    return " ORDER BY "
        + String.join(", ", items)
        + ")"
        + (filter == null ? "" : " FILTER (WHERE " + of(filter) + ")");
  }

  private static String operand(@Nullable Object form) {
    String text = of(form);
    boolean infix =
        form instanceof List<?> l
            && (INFIX.containsKey(String.valueOf(l.get(0)))
                || String.valueOf(l.get(0)).equals("not"));
    return infix ? "(" + text + ")" : text;
  }

  private static String cases(String head, List<?> args) {
    StringBuilder out = new StringBuilder(head);
    for (int i = 0; i + 1 < args.size(); i += 2) {
      boolean otherwise = args.get(i) instanceof Keyword;
      out.append(otherwise ? " ELSE " : " WHEN " + of(args.get(i)) + " THEN ")
          .append(of(args.get(i + 1)));
    }
    return out.append(" END").toString();
  }

  private static String type(@Nullable Object type) {
    if (type instanceof List<?> l) {
      return "DECIMAL(" + l.get(1) + "," + l.get(2) + ")";
    }
    return TypeNames.of(
        dev.penstock.batch.DataType.parse(
            ((Keyword) java.util.Objects.requireNonNull(type)).getName()));
  }

  static String literal(@Nullable Object v) {
    if (v == null) {
      return "NULL";
    }
    if (v instanceof String s) {
      return "'" + s.replace("'", "''") + "'";
    }
    if (v instanceof BigDecimal d) {
      return d.toPlainString();
    }
    if (v instanceof Double d) {
      return d.isNaN() || d.isInfinite()
          ? "CAST('" + d + "' AS DOUBLE)"
          : BigDecimal.valueOf(d).toString().contains("E") ? d.toString() : d + "e0";
    }
    if (v instanceof LocalDate) {
      return "DATE '" + v + "'";
    }
    if (v instanceof LocalTime) {
      return "CAST('" + v + "' AS TIME)";
    }
    if (v instanceof LocalDateTime) {
      return "CAST('" + v + "' AS TIMESTAMP)";
    }
    if (v instanceof Instant) {
      return "TIMESTAMPTZ '" + v + "'";
    }
    if (v instanceof Map<?, ?> m) {
      return "INTERVAL '"
          + m.get(Keyword.intern("months"))
          + " months "
          + m.get(Keyword.intern("days"))
          + " days "
          + m.get(Keyword.intern("micros"))
          + " microseconds'";
    }
    if (v instanceof java.util.UUID) {
      return "CAST('" + v + "' AS UUID)";
    }
    if (v instanceof Symbol || v instanceof Boolean || v instanceof Number) {
      return v.toString();
    }
    String text = v.toString();
    if (text.startsWith("#json ")) {
      return "CAST('"
          + clojure.lang.RT.readString(text.substring(6)).toString().replace("'", "''")
          + "' AS JSON)";
    }
    if (text.startsWith("#hex ")) {
      return "X'" + text.substring(6, text.length() - 1) + "'";
    }
    return text;
  }
}
