package dev.penstock.batch.expr;

import static dev.penstock.batch.Kind.INT64;
import static dev.penstock.batch.Kind.VARCHAR;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import java.text.Normalizer;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code translate initcap overlay strip-accents split}: texts changed by code points. */
final class TextEdits {
  static final Map<String, Plain> FUNCTIONS =
      Map.of(
          "translate", Plain.of(DataType.VARCHAR, TextEdits::translate, VARCHAR, VARCHAR, VARCHAR),
          "initcap", Plain.of(DataType.VARCHAR, TextEdits::initcap, VARCHAR),
          "overlay",
              Plain.of(DataType.VARCHAR, 3, TextEdits::overlay, VARCHAR, VARCHAR, INT64, INT64),
          "strip-accents", Plain.of(DataType.VARCHAR, TextEdits::stripAccents, VARCHAR),
          "split", Plain.of(DataType.JSON, TextEdits::split, VARCHAR, VARCHAR));

  private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}+");

  private TextEdits() {}

  /** Each code point of the second text becomes the one at its place in the third, or goes. */
  private static FlatColumn translate(Args x) {
    return Gather.texts(
        x,
        DataType.VARCHAR,
        p -> {
          int[] from = x.text(1, p).codePoints().toArray();
          int[] to = x.text(2, p).codePoints().toArray();
          StringBuilder out = new StringBuilder();
          for (int c : x.text(0, p).codePoints().toArray()) {
            int at = 0;
            while (at < from.length && from[at] != c) {
              at++;
            }
            if (at == from.length) {
              out.appendCodePoint(c);
            } else if (at < to.length) {
              out.appendCodePoint(to[at]);
            }
          }
          return out.toString();
        });
  }

  /** A word is letters and digits. */
  private static FlatColumn initcap(Args x) {
    return Gather.texts(
        x,
        DataType.VARCHAR,
        p -> {
          StringBuilder out = new StringBuilder();
          boolean inWord = false;
          for (int c : x.text(0, p).codePoints().toArray()) {
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inWord = Character.isLetterOrDigit(c);
          }
          return out.toString();
        });
  }

  /** What stands from a place on, over so many code points, makes room for another text. */
  private static FlatColumn overlay(Args x) {
    return Gather.texts(
        x,
        DataType.VARCHAR,
        p -> {
          String s = x.text(0, p);
          String by = x.text(1, p);
          long from = x.number(2, p);
          long size = x.size() == 4 ? x.number(3, p) : by.codePointCount(0, by.length());
          if (size < 0) {
            throw Errors.badArgument("overlay", x, p, "a length from 0");
          }
          long rest = from > Long.MAX_VALUE - size ? Long.MAX_VALUE : from + size;
          return s.substring(0, offset(s, from)) + by + s.substring(offset(s, rest));
        });
  }

  /** Where a place (1 is the first) begins in a string, at most its end. */
  private static int offset(String s, long place) {
    int n = s.codePointCount(0, s.length());
    return s.offsetByCodePoints(0, (int) Math.min(n, Math.max(1, place) - 1));
  }

  private static FlatColumn stripAccents(Args x) {
    return Gather.texts(
        x,
        DataType.VARCHAR,
        p -> {
          String apart = Normalizer.normalize(x.text(0, p), Normalizer.Form.NFD);
          return Normalizer.normalize(ACCENTS.matcher(apart).replaceAll(""), Normalizer.Form.NFC);
        });
  }

  /** The parts as a JSON array; an empty separator parts all code points. */
  private static FlatColumn split(Args x) {
    return Gather.texts(
        x,
        DataType.JSON,
        p -> {
          String s = x.text(0, p);
          String separator = x.text(1, p);
          StringBuilder out = new StringBuilder("[");
          int from = 0;
          int size = separator.length();
          while (true) {
            int to =
                size > 0
                    ? s.indexOf(separator, from)
                    : from >= s.length() ? -1 : s.offsetByCodePoints(from, 1);
            boolean last = to < 0 || (size == 0 && to == s.length());
            out.append(JsonText.quote(last ? s.substring(from) : s.substring(from, to)));
            if (last) {
              return out.append(']').toString();
            }
            out.append(',');
            from = to + size;
          }
        });
  }
}
