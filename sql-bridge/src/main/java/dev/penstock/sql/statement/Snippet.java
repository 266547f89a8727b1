package dev.penstock.sql.statement;

import dev.penstock.sql.text.Token;
import dev.penstock.sql.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A query put together from the tokens of a statement and from text; errors in the text point to
 * the statement's start.
 */
final class Snippet {
  private final List<Token> out = new ArrayList<>();
  private int place;

  Snippet(Token place) {
    this.place = place.start();
  }

  Snippet text(String sql) {
    for (Token t : Tokenizer.tokens(sql, "")) {
      out.add(new Token(t.kind(), t.text(), place));
    }
    return this;
  }

  Snippet name(String name) {
    out.add(new Token(Token.Kind.NAME, quoted(name), place));
    return this;
  }

  Snippet tokens(List<Token> tokens) {
    out.addAll(tokens);
    if (!tokens.isEmpty()) {
      place = tokens.get(tokens.size() - 1).start();
    }
    return this;
  }

  List<Token> query() {
    return out;
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
