package dev.penstock.sql.text;

import java.util.List;

/** Parentheses that the parser reads otherwise than people write them, put right in the tokens. */
final class Parentheses {
  private final List<Token> in;

  private Parentheses(List<Token> in) {
    this.in = in;
  }

  /** Changes the tokens. */
  static void settle(List<Token> tokens) {
    Parentheses p = new Parentheses(tokens);
    for (int i = 0; i < tokens.size(); i++) {
      if (p.at(i).is("POSITION") && p.at(i + 1).isMark("(")) {
        p.position(i + 1);
      } else if (p.at(i).isMark("(") && p.at(i + 1).isMark("(")) {
        p.orderedSet(i);
      }
    }
  }

  private Token at(int i) {
    return i < in.size() ? in.get(i) : new Token(Token.Kind.MARK, "", 0);
  }

  /** {@code POSITION(a IN b)}: the parser takes an atom for a; with a comma it takes anything. */
  private void position(int open) {
    int cases = 0;
    for (int i = open + 1; i < in.size() && !at(i).isMark(")"); i++) {
      if (at(i).isMark("(")) {
        i = close(i);
      } else if (at(i).is("CASE")) {
        cases++;
      } else if (at(i).is("END")) {
        cases--;
      } else if (at(i).is("IN") && cases == 0) {
        in.set(i, new Token(Token.Kind.MARK, ",", at(i).start()));
        return;
      }
    }
  }

  /**
   * {@code ((a) UNION b ORDER BY x)}: after a set operation that begins with a parenthesis the
   * parser knows no ORDER BY, so it becomes that of a SELECT of all.
   */
  private void orderedSet(int open) {
    int from = open + 1;
    while (at(from).isMark("(")) {
      from++;
    }
    int i = close(open + 1) + 1;
    if (!at(from).is("SELECT") && !at(from).is("VALUES") && !at(from).is("FROM")
        || !at(i).is("UNION") && !at(i).is("EXCEPT") && !at(i).is("INTERSECT")) {
      return;
    }
    for (; i < in.size() && !at(i).isMark(")"); i++) {
      if (at(i).isMark("(")) {
        i = close(i);
      } else if (at(i).is("ORDER") || at(i).is("LIMIT") || at(i).is("OFFSET")) {
        int start = at(i).start();
        in.addAll(
            i,
            List.of(
                new Token(Token.Kind.MARK, ")", start),
                new Token(Token.Kind.WORD, "AS", start),
                new Token(Token.Kind.NAME, "\"$set\"", start)));
        start = at(open + 1).start();
        in.addAll(
            open + 1,
            List.of(
                new Token(Token.Kind.WORD, "SELECT", start),
                new Token(Token.Kind.MARK, "*", start),
                new Token(Token.Kind.WORD, "FROM", start),
                new Token(Token.Kind.MARK, "(", start)));
        return;
      }
    }
  }

  /** The index of the parenthesis that closes the one at i; the last index if there is none. */
  private int close(int i) {
    int depth = 0;
    for (int j = i; j < in.size(); j++) {
      if (at(j).isMark("(")) {
        depth++;
      } else if (at(j).isMark(")") && --depth == 0) {
        return j;
      }
    }
    return in.size() - 1;
  }
}
