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
}
