package dev.penstock.sql.text;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A constant of a text.
 *
 * @param token where it begins in the list of tokens
 * @param length how many tokens it has: {@code -5} and {@code DATE '2020-01-01'} have two
 * @param value Integer, Long, BigDecimal, Double, String, LocalDate or LocalDateTime
 */
record Constant(int token, int length, Object value) {
  private static final int MOST_DIGITS = 18;
  private static final int DATE_LENGTH = 10;
  private static final int TIMESTAMP_LENGTH = 19;

  /** The index behind its last token. */
  int end() {
    return token + length;
  }

  /** The constant that begins at a token; null: there is none, or none whose value is sure. */
  static @Nullable Constant at(List<Token> tokens, int i) {
    if (i >= tokens.size()) {
      return null;
    }
    Token t = tokens.get(i);
    switch (t.kind()) {
      case STRING -> {
        return new Constant(i, 1, t.value());
      }
      case NUMBER -> {
        return of(i, 1, number(t.text()));
      }
      case MARK -> {
        return t.isMark("-") && i + 1 < tokens.size() && isNumber(tokens.get(i + 1))
            ? of(i, 2, number("-" + tokens.get(i + 1).text()))
            : null;
      }
      case WORD -> {
        boolean text = i + 1 < tokens.size() && tokens.get(i + 1).kind() == Token.Kind.STRING;
        return text ? of(i, 2, time(t, tokens.get(i + 1).value())) : null;
      }
      default -> {
        return null;
      }
    }
  }

  private static boolean isNumber(Token t) {
    return t.kind() == Token.Kind.NUMBER;
  }

  private static @Nullable Constant of(int i, int length, @Nullable Object value) {
    return value == null ? null : new Constant(i, length, value);
  }

  /** As the parser has it: with an exponent a double, with a point a decimal of those digits. */
  private static @Nullable Object number(String text) {
    if (text.length() > MOST_DIGITS || text.indexOf('_') >= 0) {
      return null;
    }
    if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      return Double.valueOf(text);
    }
    if (text.indexOf('.') >= 0) {
      return text.endsWith(".") ? null : new BigDecimal(text);
    }
    long n = Long.parseLong(text);
    return n == (int) n ? (Object) (int) n : (Object) n;
  }

  private static @Nullable Object time(Token type, String text) {
    try {
      if (type.is("DATE") && text.length() == DATE_LENGTH) {
        return LocalDate.parse(text);
      }
      if (type.is("TIMESTAMP") && text.length() == TIMESTAMP_LENGTH && text.charAt(10) == ' ') {
        return LocalDateTime.parse(text.replace(' ', 'T'));
      }
      return null;
    } catch (DateTimeException e) {
      return null; // other spellings, and no times at all: as the query is planned without this
    }
  }
}
