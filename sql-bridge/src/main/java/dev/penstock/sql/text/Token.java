package dev.penstock.sql.text;

import java.util.Locale;

/**
 * A token of SQL text.
 *
 * @param kind what it is
 * @param text as written, quotes included; of a string with escapes the same string without them
 * @param start offset of its first character in the statement's text
 * @param end offset behind its last character
 */
public record Token(Kind kind, String text, int start, int end) {
  public Token(Kind kind, String text, int start) {
    this(kind, text, start, start + text.length());
  }

  /** Kinds of tokens; white space and comments are no tokens. */
  public enum Kind {
    /** A keyword or an unquoted name. */
    WORD,
    /** A name in double quotes. */
    NAME,
    /** A string in single quotes. */
    STRING,
    NUMBER,
    /** Bytes: {@code x'0aff'}. */
    BLOB,
    /** An operator or a punctuation mark. */
    MARK
  }

  /** Is it this keyword (given in upper case)? */
  public boolean is(String word) {
    return kind == Kind.WORD && text.length() == word.length() && upper().equals(word);
  }

  public boolean isMark(String mark) {
    return kind == Kind.MARK && text.equals(mark);
  }

  /** The text in upper case. */
  public String upper() {
    return text.toUpperCase(Locale.ROOT);
  }

  /** The value of a string or of a quoted name, the text of anything else. */
  public String value() {
    return switch (kind) {
      case STRING -> text.substring(1, text.length() - 1).replace("''", "'");
      case NAME -> text.substring(1, text.length() - 1).replace("\"\"", "\"");
      default -> text;
    };
  }
}
