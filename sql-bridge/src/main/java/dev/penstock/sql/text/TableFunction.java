package dev.penstock.sql.text;

import dev.penstock.monitor.PenstockException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table function as written in FROM: {@code read_csv('x.csv', delim => ';')}.
 *
 * @param name in lower case
 * @param args positional arguments: String, Long, BigDecimal, Boolean, null, List, Map
 * @param options named arguments, names in lower case
 */
public record TableFunction(
    String name, List<@Nullable Object> args, Map<String, @Nullable Object> options) {
  private static final char LINE_FEED = '\uE00A';
  private static final char CARRIAGE_RETURN = '\uE00D';

  /** A name has no line breaks: they are written as characters that nobody uses. */
  static String onOneLine(String text) {
    return text.replace('\n', LINE_FEED).replace('\r', CARRIAGE_RETURN);
  }

  /** The function that a name of a table is, or null if it is none. */
  public static @Nullable TableFunction parse(String name) {
    String text = name.replace(LINE_FEED, '\n').replace(CARRIAGE_RETURN, '\r');
    int open = text.indexOf('(');
    if (open < 1 || !text.endsWith(")") || !isName(text.substring(0, open).strip())) {
      return null;
    }
    Reader r = new Reader(text, Tokenizer.tokens(text, ""));
    r.at = 2;
    List<@Nullable Object> args = new ArrayList<>();
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    while (!r.peek().isMark(")")) {
      Token key = r.peek();
      Token sign = r.peek(1);
      if (key.kind() == Token.Kind.WORD
          && (sign.isMark("=>") || sign.isMark("=") || sign.isMark(":="))) {
        r.at += 2;
        options.put(key.text().toLowerCase(Locale.ROOT), r.value());
      } else {
        args.add(r.value());
      }
      if (!r.peek().isMark(")")) {
        r.expect(",");
      }
    }
    return new TableFunction(
        text.substring(0, open).strip().toLowerCase(Locale.ROOT), args, options);
  }

  private static boolean isName(String s) {
    return !s.isEmpty() && s.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_');
  }

  /** Reads literals. */
  private static final class Reader {
    private final String text;
    private final List<Token> tokens;
    private int at;

    Reader(String text, List<Token> tokens) {
      this.text = text;
      this.tokens = tokens;
    }

    Token peek() {
      return peek(0);
    }

    Token peek(int ahead) {
      return at + ahead < tokens.size()
          ? tokens.get(at + ahead)
          : new Token(Token.Kind.MARK, "", text.length());
    }

    void expect(String mark) {
      if (!peek().isMark(mark)) {
        throw bad();
      }
      at++;
    }

    PenstockException bad() {
      return PenstockException.incorrect(
          "sql-table-function",
          "in "
              + text
              + ": expected a constant, a comma or a parenthesis at '"
              + peek().text()
              + "'; arguments are constants and name => constant");
    }

    @Nullable Object value() {
      Token t = peek();
      at++;
      switch (t.kind()) {
        case STRING -> {
          return t.value();
        }
        case NUMBER -> {
          return number(t.text());
        }
        case WORD -> {
          if (t.is("TRUE") || t.is("FALSE")) {
            return t.is("TRUE");
          }
          if (t.is("NULL")) {
            return null;
          }
          if (peek().kind() == Token.Kind.STRING) {
            Token s = peek();
            at++;
            return s.value();
          }
          return t.text();
        }
        case NAME -> {
          return t.value();
        }
        default -> {
          return structure(t);
        }
      }
    }

    private static Object number(String text) {
      String digits = text.replace("_", "");
      return digits.matches("\\d{1,18}") ? (Object) Long.valueOf(digits) : new BigDecimal(digits);
    }

    private @Nullable Object structure(Token t) {
      if (t.isMark("-")) {
        Object v = value();
        return v instanceof Long l
            ? (Object) (-l)
            : v instanceof BigDecimal d ? d.negate() : fail();
      }
      if (t.isMark("[")) {
        List<@Nullable Object> items = new ArrayList<>();
        while (!peek().isMark("]")) {
          items.add(value());
          if (!peek().isMark("]")) {
            expect(",");
          }
        }
        at++;
        return items;
      }
      if (t.isMark("{")) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (!peek().isMark("}")) {
          String key = String.valueOf(value());
          expect(":");
          map.put(key, value());
          if (!peek().isMark("}")) {
            expect(",");
          }
        }
        at++;
        return map;
      }
      return fail();
    }

    private Object fail() {
      at--;
      throw bad();
    }
  }
}
