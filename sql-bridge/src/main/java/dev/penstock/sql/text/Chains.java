package dev.penstock.sql.text;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Long chains of conditions in groups: {@code a OR b OR c OR ...} becomes {@code a OR (b OR c) OR
 * ...}, and so do those of AND. The parser behind takes time by the square of a chain, during which
 * it cannot be stopped, and everything behind it recurses by its length.
 *
 * <p>The first and the last condition of a chain stay outside: where they begin and end is for the
 * parser to find. Those between begin and end at an operator. Other operators cannot be grouped:
 * too many of them in a row are refused.
 */
final class Chains {
  /** Shorter chains are left alone. */
  private static final int LONG = 128;

  private static final int GROUP = 64;

  /** Of operators that cannot be grouped there are no more in a row. */
  private static final int MOST = 4000;

  private static final Set<String> OPERATORS =
      Set.of(
          "+", "-", "*", "/", "%", "^", "||", "=", "<", ">", "<=", ">=", "<>", "!=", "==", "|", "&",
          "~", "<<", ">>", "**", "//");

  /** At the level of a chain, these end it. */
  private static final Set<String> ENDS =
      Set.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP",
          "HAVING",
          "QUALIFY",
          "WINDOW",
          "ORDER",
          "BY",
          "LIMIT",
          "OFFSET",
          "FETCH",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "JOIN",
          "ON",
          "USING",
          "AS",
          "WHEN",
          "THEN",
          "ELSE",
          "VALUES",
          "SET",
          "RETURNING");

  /** Where the operators of a chain stand that goes on. */
  private static final class Chain {
    private final List<Integer> operators = new ArrayList<>();

    /** The chain ends; its groups are marked. */
    void end(BitSet opens, BitSet closes) {
      if (operators.size() >= LONG) {
        for (int i = 0; i + GROUP < operators.size(); i += GROUP) {
          opens.set(operators.get(i));
          closes.set(operators.get(i + GROUP));
        }
      }
      operators.clear();
    }
  }

  /** What lies between two brackets, or between CASE and END. */
  private static final class Level {
    private final Chain ors = new Chain();
    private final Chain ands = new Chain();
    private int betweens;

    /** Operators since the last AND or OR. */
    private int others;

    void end(BitSet opens, BitSet closes) {
      ors.end(opens, closes);
      ands.end(opens, closes);
      betweens = 0;
      others = 0;
    }
  }

  private Chains() {}

  /** The tokens with parentheses; the list itself stays as it is. */
  static List<Token> of(List<Token> in) {
    if (in.size() < 2 * LONG) {
      return in;
    }
    BitSet opens = new BitSet();
    BitSet closes = new BitSet();
    Deque<Level> levels = new ArrayDeque<>();
    levels.push(new Level());
    for (int i = 0; i < in.size(); i++) {
      look(in.get(i), i, levels, opens, closes);
    }
    levels.forEach(level -> level.end(opens, closes));
    return opens.isEmpty() ? in : grouped(in, opens, closes);
  }

  private static void look(Token t, int i, Deque<Level> levels, BitSet opens, BitSet closes) {
    Level level = levels.element();
    if (opensLevel(t)) {
      levels.push(new Level());
    } else if (closesLevel(t)) {
      level.end(opens, closes);
      if (levels.size() > 1) {
        levels.pop();
      }
    } else if (t.is("OR")) {
      level.others = 0;
      level.ors.operators.add(i);
      level.ands.end(opens, closes);
      level.betweens = 0;
    } else if (t.is("BETWEEN")) {
      level.betweens++;
    } else if (t.is("AND")) {
      if (level.betweens > 0) {
        level.betweens--;
      } else {
        level.others = 0;
        level.ands.operators.add(i);
      }
    } else if (t.kind() == Token.Kind.WORD ? ENDS.contains(t.upper()) : endsChain(t)) {
      level.end(opens, closes);
    } else if ((t.is("NOT") || OPERATORS.contains(t.text())) && ++level.others > MOST) {
      throw PenstockException.limit(
          "sql-too-deep",
          "an expression has more than "
              + MOST
              + " operators in a row; cut it with parentheses, or with WITH");
    }
  }

  private static boolean opensLevel(Token t) {
    return t.isMark("(") || t.isMark("[") || t.isMark("{") || t.is("CASE");
  }

  private static boolean closesLevel(Token t) {
    return t.isMark(")") || t.isMark("]") || t.isMark("}") || t.is("END");
  }

  private static boolean endsChain(Token t) {
    return t.isMark(",") || t.isMark(";") || t.isMark(":") || t.isMark("->") || t.isMark(":=");
  }

  private static List<Token> grouped(List<Token> in, BitSet opens, BitSet closes) {
    List<Token> out = new ArrayList<>(in.size() + 2 * opens.cardinality());
    for (int i = 0; i < in.size(); i++) {
      Token t = in.get(i);
      if (closes.get(i)) {
        out.add(new Token(Token.Kind.MARK, ")", t.start()));
      }
      out.add(t);
      if (opens.get(i)) {
        out.add(new Token(Token.Kind.MARK, "(", t.end()));
      }
    }
    return out;
  }
}
