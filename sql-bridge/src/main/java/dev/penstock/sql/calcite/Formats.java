package dev.penstock.sql.calcite;

import clojure.lang.Keyword;
import clojure.lang.PersistentList;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code printf('%05d', n)} and {@code format('{:.2f}', x)} with a literal format, as a
 * concatenation of what it says.
 */
final class Formats {
  private static final Pattern PERCENT =
      Pattern.compile("%([-+ 0,]*)(\\d*)(?:\\.(\\d+))?([sdifxX])|%%");
  private static final Pattern BRACES =
      Pattern.compile(
          "\\{(\\d*)(?::(.?[<>^])?([+]?)(0?)(\\d*)([,_]?)(?:\\.(\\d+))?([sdfxX]?))?\\}|\\{\\{|\\}\\}");

  /** Before each group of three digits that are not behind the point. */
  private static final String THOUSANDS = "(?<!\\.\\d{0,40})(?<=\\d)(?=(\\d{3})+(?!\\d))";

  private Formats() {}

  /** What one value becomes. */
  private record Piece(
      String kind,
      boolean plus,
      boolean zeros,
      String align,
      String fill,
      int width,
      int digits,
      String separator) {}

  static Object printf(List<@Nullable Object> args) {
    String format = literal("printf", args);
    Matcher m = PERCENT.matcher(format);
    List<@Nullable Object> parts = new ArrayList<>();
    int at = 0;
    int next = 1;
    while (m.find()) {
      parts.add(plain(format.substring(at, m.start()), '%'));
      at = m.end();
      if (m.group().equals("%%")) {
        parts.add("%");
        continue;
      }
      String flags = m.group(1);
      Piece piece =
          new Piece(
              m.group(4),
              flags.contains("+"),
              flags.contains("0"),
              flags.contains("-") ? "<" : ">",
              " ",
              number(m.group(2), 0),
              number(m.group(3), -1),
              flags.contains(",") ? "," : "");
      parts.add(piece(piece, argument("printf", args, next++)));
    }
    parts.add(plain(format.substring(at), '%'));
    return joined(parts);
  }

  static Object format(List<@Nullable Object> args) {
    String format = literal("format", args);
    Matcher m = BRACES.matcher(format);
    List<@Nullable Object> parts = new ArrayList<>();
    int at = 0;
    int next = 1;
    while (m.find()) {
      parts.add(plain(format.substring(at, m.start()), '{'));
      at = m.end();
      if (m.group().equals("{{") || m.group().equals("}}")) {
        parts.add(m.group().substring(1));
        continue;
      }
      int index = m.group(1).isEmpty() ? next++ : number(m.group(1), 0) + 1;
      String align = m.group(2) == null ? "" : m.group(2);
      Piece piece =
          new Piece(
              text(m.group(8)),
              text(m.group(3)).equals("+"),
              text(m.group(4)).equals("0"),
              align.isEmpty() ? "" : align.substring(align.length() - 1),
              align.length() == 2 ? align.substring(0, 1) : " ",
              number(m.group(5), 0),
              number(m.group(7), -1),
              text(m.group(6)));
      parts.add(piece(piece, argument("format", args, index)));
    }
    parts.add(plain(format.substring(at), '{'));
    return joined(parts);
  }

  private static String text(@Nullable String group) {
    return group == null ? "" : group;
  }

  private static int number(@Nullable String digits, int otherwise) {
    return digits == null || digits.isEmpty() ? otherwise : Integer.parseInt(digits);
  }

  private static String literal(String function, List<@Nullable Object> args) {
    if (!args.isEmpty() && args.get(0) instanceof String s) {
      return s;
    }
    throw PenstockException.unsupported(
        "sql-format", function + " takes a format that is a literal text");
  }

  private static @Nullable Object argument(String function, List<@Nullable Object> args, int i) {
    if (i < args.size()) {
      return args.get(i);
    }
    throw PenstockException.incorrect(
        "sql-format", "the format of " + function + " has more places than there are values");
  }

  private static String plain(String text, char mark) {
    if (text.indexOf(mark) >= 0) {
      throw PenstockException.unsupported(
          "sql-format",
          "\"" + text.substring(text.indexOf(mark)) + "\" is no place of a format that is known");
    }
    return text;
  }

  private static Object joined(List<@Nullable Object> parts) {
    parts.removeIf(""::equals);
    return parts.isEmpty() ? "" : list("concat", parts.toArray());
  }

  private static Object piece(Piece p, @Nullable Object value) {
    Object shown =
        switch (p.kind()) {
          case "d", "i" -> text(list("cast", value, Keyword.intern("int64")));
          case "x" -> list("lower", list("ltrim", list("to-hex", value), "0"));
          case "X" -> list("ltrim", list("to-hex", value), "0");
          case "f" -> decimals(value, p.digits() < 0 ? 6 : p.digits());
          default ->
              p.digits() < 0
                  ? text(value)
                  : p.kind().equals("s")
                      ? list("left", text(value), (long) p.digits())
                      : decimals(value, p.digits());
        };
    if (!p.separator().isEmpty()) {
      shown = list("regexp-replace", shown, THOUSANDS, p.separator(), "g");
    }
    if (p.plus()) {
      shown = list("if", list("starts-with", shown, "-"), shown, list("concat", "+", shown));
    }
    if (p.width() == 0) {
      return shown;
    }
    boolean left = p.align().equals("<") || p.align().isEmpty() && p.kind().matches("s?");
    if (p.zeros() && !left) {
      return zeros(shown, p.width());
    }
    return padded(shown, p.width(), p.fill(), p.align(), left);
  }

  private static Object text(@Nullable Object value) {
    return list("cast", value, Keyword.intern("varchar"));
  }

  private static Object decimals(@Nullable Object value, int digits) {
    Object type = PersistentVector.create(Keyword.intern("decimal"), 38L, (long) digits);
    return text(list("cast", value, type));
  }

  /** Zeros between the sign and the digits. */
  private static Object zeros(Object shown, int width) {
    Object sign = list("regexp-extract", shown, "^[-+]?");
    Object rest = list("substring", shown, list("+", list("length", sign), 1L));
    Object missing = list("-", (long) width, list("length", shown));
    Object added = list("repeat", "0", list("greatest", missing, 0L));
    return list("concat", sign, added, rest);
  }

  private static Object padded(Object shown, int width, String fill, String align, boolean left) {
    Object missing = list("greatest", list("-", (long) width, list("length", shown)), 0L);
    if (align.equals("^")) {
      Object before = list("quot", missing, 2L);
      return list(
          "concat",
          list("repeat", fill, before),
          shown,
          list("repeat", fill, list("-", missing, before)));
    }
    Object added = list("repeat", fill, missing);
    return left ? list("concat", shown, added) : list("concat", added, shown);
  }

  private static Object list(String head, @Nullable Object... args) {
    List<@Nullable Object> out = new ArrayList<>();
    out.add(Symbol.intern(null, head));
    out.addAll(Arrays.asList(args));
    return PersistentList.create(out);
  }
}
