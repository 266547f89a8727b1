package dev.penstock.sql;

import dev.penstock.sql.text.Token;
import java.util.List;

/**
 * A statement of a script.
 *
 * @param text the whole script
 * @param source the script's name for messages, or empty
 * @param tokens the statement's tokens, at least one
 */
public record Statement(String text, String source, List<Token> tokens) {
  /** The statement as written. */
  public String written() {
    return text.substring(tokens.get(0).start(), tokens.get(tokens.size() - 1).end());
  }

  /** What a statement gives. */
  public enum Gives {
    /** Rows that somebody asked for. */
    ROWS,
    /** A text, a row for each line: EXPLAIN. */
    TEXT,
    /** One row that says what was done. */
    STATUS
  }

  /** What the result will be, by the first word. */
  public Gives gives() {
    Token first = tokens.get(0);
    return switch (first.kind() == Token.Kind.WORD ? first.upper() : first.text()) {
      case "(",
          "SELECT",
          "WITH",
          "VALUES",
          "FROM",
          "TABLE",
          "DESCRIBE",
          "DESC",
          "SHOW",
          "SUMMARIZE" ->
          Gives.ROWS;
      case "PRAGMA" -> asks() ? Gives.ROWS : Gives.STATUS;
      case "EXPLAIN" -> Gives.TEXT;
      default -> Gives.STATUS;
    };
  }

  /** Is it a PRAGMA that asks, and sets nothing? */
  private boolean asks() {
    return tokens.size() > 1 && (tokens.get(1).is("TABLE_INFO") || tokens.get(1).is("SHOW_TABLES"));
  }

  /** How many question marks it has. */
  public int parameters() {
    return (int) tokens.stream().filter(t -> t.isMark("?")).count();
  }
}
