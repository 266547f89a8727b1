package dev.penstock.sql.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Looks through a query for the constants that its conditions (WHERE, ON, HAVING) compare something
 * with, and for the tables that it names. One use.
 *
 * <pre>
 * x = c   x BETWEEN c AND c   x LIKE c   x IN (c, c)      and nothing goes on with the constant
 * </pre>
 *
 * <p>Nothing is looked for in a select list, GROUP BY, ORDER BY and the like, nor in queries within
 * them: there a text is a column's name, a place, or has to be equal to another one.
 */
final class Conditions {
  private static final Set<String> SIGNS = Set.of("=", "<", ">", "<=", ">=", "<>", "!=");

  /** Words that end an operand of a condition. */
  private static final Set<String> BEHIND =
      Set.of(
          "AND",
          "OR",
          "THEN",
          "WHERE",
          "GROUP",
          "HAVING",
          "QUALIFY",
          "WINDOW",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "JOIN",
          "INNER",
          "LEFT",
          "RIGHT",
          "FULL",
          "CROSS",
          "NATURAL");

  /** Longer lists are read as a table. */
  private static final int MOST_LISTED = 16;

  private enum Part {
    /** FROM, and before a SELECT. */
    TABLES,
    CONDITION,
    OTHER
  }

  /** What is between two parentheses. */
  private static final class Level {
    /** Nothing is looked for in it. */
    final boolean closed;

    Part part;

    /** Do commas stand between tables, where no other part is read? */
    boolean from;

    Level(boolean closed, Part part, boolean from) {
      this.closed = closed;
      this.part = part;
      this.from = from;
    }
  }

  private final List<Token> tokens;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final List<String> named = new ArrayList<>();
  private final Set<String> own = new HashSet<>();
  private final List<Constant> constants = new ArrayList<>();

  /** Is the next token in the place of a table? */
  private boolean table;

  Conditions(List<Token> tokens) {
    this.tokens = tokens;
    levels.push(new Level(false, Part.TABLES, false));
  }

  /** The constants, in the order of the text. */
  List<Constant> constants() {
    return constants;
  }

  /** The tables that are named, queries of WITH left out. */
  List<String> tables() {
    return named.stream().filter(n -> !own.contains(n.toLowerCase(Locale.ROOT))).toList();
  }

  /** Reads all; false: it names something else than tables. */
  boolean read() {
    for (int i = 0; i < tokens.size(); ) {
      Token t = tokens.get(i);
      if (table && !place(i)) {
        return false;
      }
      if (t.kind() == Token.Kind.MARK) {
        mark(t);
      } else if (t.kind() == Token.Kind.WORD && !levels.element().closed) {
        word(t, i);
      }
      if (t.is("RECURSIVE")) {
        return false;
      }
      i = compared(i);
    }
    return true;
  }

  /** The token in the place of a table; false: it is none. */
  private boolean place(int i) {
    Token t = tokens.get(i);
    if (t.isMark("(") || t.is("LATERAL")) {
      return true;
    }
    table = false;
    if (t.is("SELECT") || t.is("WITH") || t.is("VALUES") || t.is("FROM")) {
      return true;
    }
    boolean name = t.kind() == Token.Kind.WORD || t.kind() == Token.Kind.NAME;
    boolean alone = i + 1 == tokens.size() || !isMark(i + 1, "(") && !isMark(i + 1, ".");
    if (name) {
      named.add(t.value());
    }
    return name && alone;
  }

  private void mark(Token t) {
    Level level = levels.element();
    switch (t.text()) {
      case "(" ->
          levels.push(new Level(level.closed || level.part == Part.OTHER, level.part, table));
      case ")" -> {
        if (levels.size() > 1) {
          levels.pop();
        }
        table = false;
      }
      case "," -> table |= level.from && level.part != Part.OTHER && !level.closed;
      default -> table = false;
    }
  }

  private void word(Token t, int i) {
    Level level = levels.element();
    switch (t.upper()) {
      case "SELECT",
          "VALUES",
          "GROUP",
          "ORDER",
          "QUALIFY",
          "WINDOW",
          "LIMIT",
          "OFFSET",
          "FETCH",
          "OVER",
          "USING" ->
          level.part = Part.OTHER;
      case "FROM" -> {
        if (!isWord(i - 1, "DISTINCT")) {
          level.part = Part.TABLES;
          level.from = true;
          table = true;
        }
      }
      case "JOIN" -> {
        level.part = Part.TABLES;
        table = true;
      }
      case "WHERE", "HAVING" -> level.part = Part.CONDITION;
      case "ON" -> {
        if (!isWord(i - 1, "DISTINCT")) {
          level.part = Part.CONDITION;
        }
      }
      case "UNION", "INTERSECT", "EXCEPT" -> {
        if (!isMark(i + 1, "(")) {
          level.part = Part.TABLES;
          level.from = false;
        }
      }
      case "AS" -> {
        if (isMark(i + 1, "(") && i > 0) {
          own.add(tokens.get(i - 1).value().toLowerCase(Locale.ROOT));
        }
      }
      default -> {
        // a name, or a word within an expression
      }
    }
  }

  /** Takes the constants behind the token here; where to go on. */
  private int compared(int i) {
    Level level = levels.element();
    Token t = tokens.get(i);
    if (level.closed || level.part != Part.CONDITION || i == 0) {
      return i + 1;
    }
    if (t.kind() == Token.Kind.MARK) {
      Token before = tokens.get(i - 1);
      boolean operand =
          before.kind() == Token.Kind.WORD
              || before.kind() == Token.Kind.NAME
              || before.isMark(")")
              || before.isMark("]");
      return operand && SIGNS.contains(t.text()) ? single(i + 1) : i + 1;
    }
    if (t.is("LIKE")) {
      return single(i + 1);
    }
    return t.is("BETWEEN") ? range(i + 1) : t.is("IN") ? list(i + 1) : i + 1;
  }

  private int single(int i) {
    Constant c = Constant.at(tokens, i);
    if (c == null || !ends(c.end())) {
      return i;
    }
    constants.add(c);
    return c.end();
  }

  private int range(int i) {
    Constant from = Constant.at(tokens, i);
    if (from == null || !isWord(from.end(), "AND")) {
      return i;
    }
    Constant to = Constant.at(tokens, from.end() + 1);
    if (to == null || !ends(to.end())) {
      return i;
    }
    constants.add(from);
    constants.add(to);
    return to.end();
  }

  private int list(int i) {
    if (!isMark(i, "(")) {
      return i;
    }
    List<Constant> listed = new ArrayList<>();
    int at = i;
    do {
      Constant c = Constant.at(tokens, at + 1);
      if (c == null) {
        return i;
      }
      listed.add(c);
      at = c.end();
    } while (isMark(at, ","));
    if (!isMark(at, ")") || listed.size() > MOST_LISTED) {
      return i;
    }
    constants.addAll(listed);
    return at + 1;
  }

  /** Does nothing go on with an operand before a token? */
  private boolean ends(int i) {
    return i >= tokens.size()
        || isMark(i, ")")
        || isMark(i, ";")
        || (tokens.get(i).kind() == Token.Kind.WORD && BEHIND.contains(tokens.get(i).upper()));
  }

  private boolean isMark(int i, String mark) {
    return i >= 0 && i < tokens.size() && tokens.get(i).isMark(mark);
  }

  private boolean isWord(int i, String word) {
    return i >= 0 && i < tokens.size() && tokens.get(i).is(word);
  }
}
