package dev.penstock.sql.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Set operations from left to right, as SQLite has them: {@code a UNION b INTERSECT c} with
 * parentheses around {@code a UNION b}.
 */
public final class SetOrder {
  /** The queries within one parenthesis. */
  private static final class Level {
    int start = -1;
    boolean weaker;
  }

  private SetOrder() {}

  /** The tokens with these parentheses; the list itself stays as it is. */
  public static List<Token> leftToRight(List<Token> in) {
    if (in.stream().noneMatch(t -> t.is("INTERSECT"))) {
      return in;
    }
    List<Token> out = new ArrayList<>();
    Deque<Level> levels = new ArrayDeque<>();
    levels.push(new Level());
    for (Token t : in) {
      Level level = levels.element();
      if (t.isMark("(")) {
        levels.push(new Level());
      } else if (t.isMark(")") && levels.size() > 1) {
        levels.pop();
      } else if ((t.is("SELECT") || t.is("VALUES")) && level.start < 0) {
        level.start = out.size();
      } else if (t.is("UNION") || t.is("EXCEPT")) {
        level.weaker = true;
      } else if (t.is("INTERSECT") && level.weaker && level.start >= 0) {
        out.add(level.start, new Token(Token.Kind.MARK, "(", out.get(level.start).start()));
        out.add(new Token(Token.Kind.MARK, ")", t.start()));
        level.weaker = false;
      }
      out.add(t);
    }
    return out;
  }
}
