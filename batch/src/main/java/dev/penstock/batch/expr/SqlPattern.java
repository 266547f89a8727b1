package dev.penstock.batch.expr;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The patterns of SQL's SIMILAR TO: {@code %} is any text, {@code _} any code point; {@code | * + ?
 * {2,3} () []} mean what they do in regular expressions, everything else itself. The escape is
 * {@code \}, or the third argument's one code point, or none if that is empty. The last pattern is
 * kept.
 *
 * <p>Concurrency: one volatile reference to an immutable record; a lost write costs a second
 * compilation.
 */
final class SqlPattern {
  private record Compiled(String text, String escape, Pattern pattern) {}

  private volatile @Nullable Compiled last;

  Pattern of(Args x, int position) {
    String text = x.text(1, position);
    String escape = x.size() == 3 ? x.text(2, position) : "\\";
    Compiled known = last;
    if (known == null || !known.text.equals(text) || !known.escape.equals(escape)) {
      if (escape.codePointCount(0, escape.length()) > 1) {
        throw Errors.badArgument("similar-to", x, position, "an escape of one code point or none");
      }
      String regex = regex(text, escape.isEmpty() ? -1 : escape.codePointAt(0));
      if (regex == null) {
        throw Errors.badArgument(
            "similar-to", x, position, "a pattern that does not end with its escape");
      }
      known = new Compiled(text, escape, Regexes.compile(regex, Pattern.DOTALL));
      last = known;
    }
    return known.pattern;
  }

  private static @Nullable String regex(String text, int escape) {
    StringBuilder out = new StringBuilder();
    boolean inBrackets = false;
    int[] points = text.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      int c = points[i];
      if (c == escape) {
        i++;
        if (i == points.length) {
          return null;
        }
        quote(out, points[i]);
      } else if (inBrackets) {
        i = bracketed(out, points, i);
        inBrackets = points[i] != ']';
      } else {
        switch (c) {
          case '%' -> out.append(".*");
          case '_' -> out.append('.');
          case '[' -> {
            out.append('[');
            inBrackets = true;
          }
          case '|', '*', '+', '?', '{', '}', '(', ')' -> out.appendCodePoint(c);
          default -> quote(out, c);
        }
      }
    }
    return out.toString();
  }

  /** One thing between brackets; the index of its last code point. */
  private static int bracketed(StringBuilder out, int[] points, int i) {
    int c = points[i];
    if (c == '[' && i + 1 < points.length && points[i + 1] == ':') {
      int end = i + 2;
      StringBuilder name = new StringBuilder();
      while (end < points.length && points[end] != ':') {
        name.appendCodePoint(points[end]);
        end++;
      }
      if (end + 1 < points.length && points[end + 1] == ']' && !name.isEmpty()) {
        String java =
            name.toString().equals("xdigit")
                ? "XDigit"
                : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        out.append("\\p{").append(java).append('}');
        // The class's own bracket does not close the others: look as if it were the colon.
        points[end + 1] = ':';
        return end + 1;
      }
    }
    if (c == ']' || c == '^' || c == '-') {
      out.appendCodePoint(c);
    } else {
      quote(out, c);
    }
    return i;
  }

  private static void quote(StringBuilder out, int c) {
    if (!Character.isLetterOrDigit(c) && c < 128) {
      out.append('\\');
    }
    out.appendCodePoint(c);
  }
}
