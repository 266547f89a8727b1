package dev.penstock.sql.text;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;

/** Cuts SQL text into tokens. Comments ({@code -- ...}, nested slash-star) fall away. */
public final class Tokenizer {
  private static final List<String> LONG_MARKS =
      List.of(
          "!~~*", "->>", "!~*", "<=>", "!~~", "~~*", "**", "::", "||", "<=", ">=", "<>", "!=", "==",
          "=>", "->", "//", "<<", ">>", ":=", "!~", "~*", "~~");

  /** Of parentheses and brackets: what comes after recurses by them. */
  private static final int MOST_LEVELS = 1000;

  private final String text;
  private final Places places;
  private int at;

  private Tokenizer(String text, String source) {
    this.text = text;
    this.places = new Places(text, source);
  }

  /**
   * @param source stands before line and column in messages: a file's name, or empty
   */
  public static List<Token> tokens(String text, String source) {
    Tokenizer t = new Tokenizer(text, source);
    List<Token> out = new ArrayList<>();
    int depth = 0;
    for (Token token = t.next(); token != null; token = t.next()) {
      if (token.isMark("(") || token.isMark("[") || token.isMark("{")) {
        depth++;
      } else if (token.isMark(")") || token.isMark("]") || token.isMark("}")) {
        depth = Math.max(0, depth - 1);
      }
      if (depth > MOST_LEVELS) {
        throw t.places.problem(
            token.start(),
            "the statement is nested more than "
                + MOST_LEVELS
                + " levels deep; simplify it, or cut it with WITH");
      }
      out.add(token);
    }
    return out;
  }

  private @org.jspecify.annotations.Nullable Token next() {
    skip();
    if (at >= text.length()) {
      return null;
    }
    int start = at;
    char c = text.charAt(at);
    if (c == '\'') {
      return quoted('\'', Token.Kind.STRING, start, "string");
    }
    if (text.startsWith("'", at + 1) && (c == 'x' || c == 'X')) {
      at++;
      return quoted('\'', Token.Kind.BLOB, start, "blob");
    }
    if (text.startsWith("'", at + 1) && (c == 'e' || c == 'E')) {
      return escaped(start);
    }
    if (c == '$') {
      int tag = text.indexOf('$', at + 1);
      if (tag > 0 && text.substring(at + 1, tag).matches("[A-Za-z_]*")) {
        return dollars(start, text.substring(at, tag + 1));
      }
    }
    if (c == '"') {
      return quoted('"', Token.Kind.NAME, start, "name");
    }
    if (Character.isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(at + 1))) {
      return number(start);
    }
    if (Character.isJavaIdentifierStart(c) && c != '$' || Character.isHighSurrogate(c)) {
      return word(start);
    }
    for (String mark : LONG_MARKS) {
      if (text.startsWith(mark, at)) {
        at += mark.length();
        return new Token(Token.Kind.MARK, mark, start);
      }
    }
    at++;
    return new Token(Token.Kind.MARK, text.substring(start, at), start);
  }

  private boolean isDigit(int i) {
    return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
  }

  private void skip() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '\ufeff') {
        at++;
      } else if (text.startsWith("--", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end + 1;
      } else if (text.startsWith("/*", at)) {
        comment();
      } else {
        return;
      }
    }
  }

  private void comment() {
    int start = at;
    int depth = 0;
    do {
      if (text.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < text.length());
    if (depth > 0) {
      throw places.problem(start, "this comment has no end; close it with */");
    }
  }

  private Token quoted(char quote, Token.Kind kind, int start, String what) {
    at++;
    while (at < text.length()) {
      if (text.charAt(at) == quote) {
        if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
          at++;
        } else {
          at++;
          return new Token(kind, text.substring(start, at), start);
        }
      }
      at++;
    }
    throw places.problem(start, "this " + what + " has no end; close it with " + quote);
  }

  /** {@code E'a\n'}: the token's text is the same string without escapes. */
  private Token escaped(int start) {
    StringBuilder out = new StringBuilder("'");
    at += 2;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\'' && !text.startsWith("'", at)) {
        return new Token(Token.Kind.STRING, out.append('\'').toString(), start, at);
      }
      if (c == '\'') {
        at++;
        out.append("''");
      } else if (c == '\\' && at < text.length()) {
        char e = text.charAt(at++);
        out.append(
            switch (e) {
              case 'n' -> "\n";
              case 't' -> "\t";
              case 'r' -> "\r";
              case 'b' -> "\b";
              case 'f' -> "\f";
              case '\'' -> "''";
              default -> String.valueOf(e);
            });
      } else {
        out.append(c);
      }
    }
    throw places.problem(start, "this string has no end; close it with '");
  }

  /** {@code $tag$ ... $tag$}: the token's text is the same string in quotes. */
  private Token dollars(int start, String tag) {
    int end = text.indexOf(tag, start + tag.length());
    if (end < 0) {
      throw places.problem(start, "this string has no end; close it with " + tag);
    }
    at = end + tag.length();
    String value = text.substring(start + tag.length(), end);
    return new Token(Token.Kind.STRING, "'" + value.replace("'", "''") + "'", start, at);
  }

  private Token number(int start) {
    while (isDigit(at) || (at < text.length() && text.charAt(at) == '_' && isDigit(at + 1))) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      while (isDigit(at)) {
        at++;
      }
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int digits = at + 1;
      if (digits < text.length() && "+-".indexOf(text.charAt(digits)) >= 0) {
        digits++;
      }
      if (isDigit(digits)) {
        at = digits;
        while (isDigit(at)) {
          at++;
        }
      }
    }
    return new Token(Token.Kind.NUMBER, text.substring(start, at), start);
  }

  private Token word(int start) {
    while (at < text.length()
        && (Character.isJavaIdentifierPart(text.charAt(at))
            || Character.isSurrogate(text.charAt(at)))) {
      at++;
    }
    return new Token(Token.Kind.WORD, text.substring(start, at), start);
  }

  /** Statements of a script, cut at semicolons; empty ones are left out. */
  public static List<List<Token>> statements(String text, String source) {
    List<List<Token>> out = new ArrayList<>();
    List<Token> current = new ArrayList<>();
    for (Token token : tokens(text, source)) {
      if (token.isMark(";")) {
        if (!current.isEmpty()) {
          out.add(current);
          current = new ArrayList<>();
        }
      } else {
        current.add(token);
      }
    }
    if (!current.isEmpty()) {
      out.add(current);
    }
    return out;
  }

  /** A problem at a token, with its place. */
  public static PenstockException problem(String text, String source, int offset, String message) {
    return new Places(text, source).problem(offset, message);
  }
}
