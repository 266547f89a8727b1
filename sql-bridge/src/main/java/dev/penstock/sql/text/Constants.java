package dev.penstock.sql.text;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query over one table without the constants that its WHERE compares columns with: texts that
 * differ in these alone have one shape.
 *
 * @param table what FROM names
 * @param tokens the query with a question mark for each of the constants
 * @param values the constants, in order: Long, BigDecimal or String
 */
public record Constants(String table, List<Token> tokens, List<Object> values) {
  private static final int MOST_TOKENS = 200;
  private static final int MOST_DIGITS = 18;
  private static final Set<String> SIGNS = Set.of("=", "<", ">", "<=", ">=", "<>", "!=");
  private static final Set<String> BEHIND =
      Set.of("AND", "OR", "GROUP", "ORDER", "LIMIT", "HAVING");

  /** The text that queries of one shape share. */
  public String shape() {
    StringBuilder out = new StringBuilder();
    for (Token t : tokens) {
      out.append(t.text()).append(' ');
    }
    return out.toString();
  }

  /** Null of a query that is longer, reads more than one table, or compares with no constant. */
  public static @Nullable Constants of(List<Token> tokens) {
    int from = only("FROM", tokens);
    int where = only("WHERE", tokens);
    if (tokens.size() > MOST_TOKENS
        || from < 0
        || only("SELECT", tokens) != 0
        || where <= from + 1
        || where > from + 4
        || tokens.stream().anyMatch(t -> t.isMark("?"))
        || tokens.subList(from + 1, where).stream().anyMatch(t -> t.kind() != Token.Kind.WORD)) {
      return null;
    }
    List<Token> shape = new ArrayList<>(tokens);
    List<Object> values = new ArrayList<>();
    for (int i = where + 3; i < tokens.size(); i++) {
      Object value = isCompared(tokens, i) ? value(tokens.get(i)) : null;
      if (value != null) {
        Token t = tokens.get(i);
        shape.set(i, new Token(Token.Kind.MARK, "?", t.start(), t.end()));
        values.add(value);
      }
    }
    return values.isEmpty() ? null : new Constants(tokens.get(from + 1).text(), shape, values);
  }

  /** Where a word stands that is there once; else -1. */
  private static int only(String word, List<Token> tokens) {
    int found = -1;
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).is(word)) {
        if (found >= 0) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }

  /** Does {@code name = constant} end at a place, and nothing go on with the constant? */
  private static boolean isCompared(List<Token> tokens, int i) {
    Token sign = tokens.get(i - 1);
    Token name = tokens.get(i - 2);
    boolean alone =
        i + 1 == tokens.size()
            || tokens.get(i + 1).isMark(")")
            || tokens.get(i + 1).isMark(";")
            || (tokens.get(i + 1).kind() == Token.Kind.WORD
                && BEHIND.contains(tokens.get(i + 1).upper()));
    return alone
        && sign.kind() == Token.Kind.MARK
        && SIGNS.contains(sign.text())
        && (name.kind() == Token.Kind.WORD || name.kind() == Token.Kind.NAME);
  }

  private static @Nullable Object value(Token t) {
    String text = t.text();
    if (t.kind() == Token.Kind.STRING) {
      return text.startsWith("'") ? t.value() : null;
    }
    boolean plain =
        t.kind() == Token.Kind.NUMBER
            && text.length() <= MOST_DIGITS
            && text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    if (!plain) {
      return null;
    }
    return text.indexOf('.') < 0 ? (Object) Long.valueOf(text) : new BigDecimal(text);
  }
}
