package dev.penstock.batch.expr;

import static dev.penstock.batch.Kind.INT64;
import static dev.penstock.batch.Kind.VARCHAR;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * {@code regexp-...} and {@code similar-to}: Java's regular expressions, found anywhere in a text
 * but where the name says otherwise. Options are letters, see {@link Regexes}.
 */
final class RegexFunctions {
  static final List<String> NAMES =
      List.of(
          "regexp-like",
          "regexp-full-match",
          "similar-to",
          "regexp-replace",
          "regexp-extract",
          "regexp-extract-or-empty",
          "regexp-extract-all",
          "regexp-split",
          "regexp-count");

  /** What a function does with the matcher of one row. */
  private interface Row<T> {
    T of(Matcher m, int position);
  }

  private RegexFunctions() {}

  /** The call, or null if these types have no kernel. */
  static @Nullable Expr bind(String fn, List<Expr> args, DataType result) {
    DataType text = DataType.VARCHAR;
    DataType bool = DataType.BOOLEAN;
    Regexes regexes = new Regexes(fn);
    Kind[] two = {VARCHAR, VARCHAR, VARCHAR};
    Kind[] group = {VARCHAR, VARCHAR, INT64, VARCHAR};
    Plain plain =
        switch (fn) {
          case "regexp-like" -> Plain.of(bool, 2, x -> like(regexes, x), two);
          case "regexp-full-match" -> Plain.of(bool, 2, x -> matches(regexes, x), two);
          case "similar-to" -> Plain.of(bool, 2, x -> similar(new SqlPattern(), x), two);
          case "regexp-replace" ->
              args.size() == 3
                  ? Plain.of(text, x -> replace(regexes, x), two)
                  : Plain.of(
                      text, x -> replaceWith(regexes, x), VARCHAR, VARCHAR, VARCHAR, VARCHAR);
          case "regexp-extract" -> Plain.of(text, 2, x -> extract(regexes, x, false), group);
          case "regexp-extract-or-empty" ->
              Plain.of(text, 2, x -> extract(regexes, x, true), group);
          case "regexp-extract-all" ->
              Plain.of(DataType.JSON, 2, x -> extractAll(regexes, x), group);
          case "regexp-split" -> Plain.of(DataType.JSON, 2, x -> split(regexes, x), two);
          default -> Plain.of(DataType.INT64, 2, x -> count(regexes, x), two);
        };
    return plain.bind(fn, args, result);
  }

  /**
   * Much nesting over a long text needs more stack than there is, or more time than anybody has.
   */
  private static <T> T guarded(String fn, Args x, int position, Matcher m, Row<T> row) {
    try {
      return row.of(m, position);
    } catch (StackOverflowError | BoundedText.UsedUp e) {
      throw Errors.badArgument(fn, x, position, "a pattern that needs less backtracking");
    }
  }

  /** To the next match in s, past the empty ones in the middle of a code point. */
  private static boolean next(Matcher m, String s) {
    while (m.find()) {
      int at = m.start();
      boolean halves =
          at == m.end()
              && at > 0
              && at < s.length()
              && Character.isSurrogatePair(s.charAt(at - 1), s.charAt(at));
      if (!halves) {
        return true;
      }
    }
    return false;
  }

  private static FlatColumn bits(Regexes regexes, Args x, Row<Boolean> row) {
    return Gather.bits(x, p -> guarded(regexes.fn, x, p, regexes.matcher(x, p, 2), row));
  }

  private static FlatColumn texts(
      Regexes regexes, Args x, int options, DataType type, Row<@Nullable String> row) {
    return Gather.texts(
        x, type, p -> guarded(regexes.fn, x, p, regexes.matcher(x, p, options), row));
  }

  private static FlatColumn like(Regexes regexes, Args x) {
    return bits(regexes, x, (m, p) -> m.find());
  }

  private static FlatColumn matches(Regexes regexes, Args x) {
    return bits(regexes, x, (m, p) -> m.matches());
  }

  private static FlatColumn similar(SqlPattern patterns, Args x) {
    return Gather.bits(
        x,
        p ->
            guarded(
                "similar-to",
                x,
                p,
                patterns.of(x, p).matcher(new BoundedText(x.text(0, p))),
                (m, q) -> m.matches()));
  }

  private static FlatColumn count(Regexes regexes, Args x) {
    return Gather.longs(
        x,
        DataType.INT64,
        p ->
            guarded(
                regexes.fn,
                x,
                p,
                regexes.matcher(x, p, 2),
                (m, q) -> {
                  String s = x.text(0, q);
                  long n = 0;
                  while (next(m, s)) {
                    n++;
                  }
                  return n;
                }));
  }

  private static FlatColumn replace(Regexes regexes, Args x) {
    return texts(
        regexes,
        x,
        -1,
        DataType.VARCHAR,
        (m, p) -> {
          try {
            String s = x.text(0, p);
            StringBuilder out = new StringBuilder();
            while (next(m, s)) {
              m.appendReplacement(out, x.text(2, p));
            }
            return m.appendTail(out).toString();
          } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw Errors.badArgument(
                "regexp-replace", x, p, "a replacement whose $n are groups of the pattern");
          }
        });
  }

  /**
   * The first match, or with the option g all; {@code \1} in the replacement is a group. An empty
   * match just behind another one does not count, as in RE2.
   */
  private static FlatColumn replaceWith(Regexes regexes, Args x) {
    return texts(
        regexes,
        x,
        3,
        DataType.VARCHAR,
        (m, p) -> {
          String s = x.text(0, p);
          boolean all = x.text(3, p).indexOf('g') >= 0;
          StringBuilder out = new StringBuilder();
          int from = 0;
          boolean first = true;
          while ((first || all) && next(m, s)) {
            if (first || m.end() > m.start() || m.start() > from) {
              out.append(s, from, m.start());
              appendReplacement(out, m.toMatchResult(), x, p);
              from = m.end();
            }
            first = false;
          }
          return out.append(s, from, s.length()).toString();
        });
  }

  private static void appendReplacement(StringBuilder out, MatchResult m, Args x, int position) {
    String by = x.text(2, position);
    for (int i = 0; i < by.length(); i++) {
      char c = by.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      i++;
      char next = i < by.length() ? by.charAt(i) : ' ';
      if (next == '\\') {
        out.append(next);
      } else if (next >= '0' && next <= '9' && next - '0' <= m.groupCount()) {
        String group = m.group(next - '0');
        out.append(group == null ? "" : group);
      } else {
        throw Errors.badArgument(
            "regexp-replace",
            x,
            position,
            "a replacement with \\0 to \\" + m.groupCount() + " (groups of the pattern) or \\\\");
      }
    }
  }

  private static int group(Args x, Matcher m, int position, String fn, boolean lenient) {
    long group = x.size() >= 3 ? x.number(2, position) : 0;
    if (group < 0 || (group > m.groupCount() && !lenient)) {
      throw Errors.badArgument(
          fn, x, position, "a group from 0 to " + m.groupCount() + " of the pattern");
    }
    return group > m.groupCount() ? -1 : (int) group;
  }

  /** Of what is not found: null, or the empty text. */
  private static FlatColumn extract(Regexes regexes, Args x, boolean orEmpty) {
    return texts(
        regexes,
        x,
        3,
        DataType.VARCHAR,
        (m, p) -> {
          int group = group(x, m, p, regexes.fn, orEmpty);
          String found = group >= 0 && next(m, x.text(0, p)) ? m.group(group) : null;
          return found == null && orEmpty ? "" : found;
        });
  }

  private static FlatColumn extractAll(Regexes regexes, Args x) {
    return texts(
        regexes,
        x,
        3,
        DataType.JSON,
        (m, p) -> {
          int group = group(x, m, p, regexes.fn, false);
          String s = x.text(0, p);
          StringBuilder out = new StringBuilder("[");
          while (next(m, s)) {
            String found = m.group(group);
            out.append(out.length() > 1 ? "," : "");
            out.append(found == null ? "null" : JsonText.quote(found));
          }
          return out.append(']').toString();
        });
  }

  /** An empty match parts two code points. */
  private static FlatColumn split(Regexes regexes, Args x) {
    return texts(
        regexes,
        x,
        2,
        DataType.JSON,
        (m, p) -> {
          String s = x.text(0, p);
          StringBuilder out = new StringBuilder("[");
          int from = 0;
          int look = 0;
          while (look <= s.length() && m.find(look)) {
            int start = m.start();
            int end = m.end();
            if (start == end && start == from) {
              look = start < s.length() ? s.offsetByCodePoints(start, 1) : s.length() + 1;
              start = look;
              end = look;
            }
            if (start == end && start >= s.length()) {
              break;
            }
            out.append(JsonText.quote(s.substring(from, start))).append(',');
            from = end;
            look = end;
          }
          return out.append(JsonText.quote(s.substring(from))).append(']').toString();
        });
  }
}
