package dev.penstock.sql.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query without the constants of its conditions: texts that differ in these alone have one shape.
 *
 * <pre>
 * SELECT b FROM t WHERE a = 5 AND c IN ('x', 'y')     as written
 * SELECT b FROM t WHERE a = ? AND c IN (?, ?)         shape, with the values 5, 'x', 'y'
 * </pre>
 *
 * <p>Constants elsewhere stay in the shape: in the select list they are names and types of columns,
 * in GROUP BY and ORDER BY places, and where somebody computes with one, a rule may.
 *
 * @param tables what FROM and JOIN name, but for queries of WITH
 * @param shape the text that queries of one shape share: as written, but for the constants
 * @param tokens the query with a question mark for each of the constants
 * @param values the constants, in order: Integer, Long, BigDecimal, Double, String, LocalDate,
 *     LocalDateTime; their classes are part of the shape, too
 */
public record Constants(
    List<String> tables, String shape, List<Token> tokens, List<Object> values) {
  private static final int MOST_TOKENS = 400;

  /**
   * The constants of a query.
   *
   * @param text what the tokens were cut from
   * @return null if there are none, if FROM names a file, a function or a path, or if the query is
   *     longer than others
   */
  public static @Nullable Constants of(String text, List<Token> tokens) {
    if (tokens.size() > MOST_TOKENS || tokens.stream().anyMatch(t -> t.isMark("?"))) {
      return null;
    }
    Conditions conditions = new Conditions(tokens);
    if (!conditions.read() || conditions.constants().isEmpty()) {
      return null;
    }
    List<Token> shape = new ArrayList<>(tokens.size());
    List<Object> values = new ArrayList<>();
    StringBuilder shared = new StringBuilder(text.length());
    int token = 0;
    int from = tokens.get(0).start();
    for (Constant c : conditions.constants()) {
      shape.addAll(tokens.subList(token, c.token()));
      token = c.token() + c.length();
      int start = tokens.get(c.token()).start();
      int end = tokens.get(token - 1).end();
      shape.add(new Token(Token.Kind.MARK, "?", start, end));
      shared.append(text, from, start).append('?');
      from = end;
      values.add(c.value());
    }
    shape.addAll(tokens.subList(token, tokens.size()));
    shared.append(text, from, tokens.get(tokens.size() - 1).end());
    return new Constants(conditions.tables(), shared.toString(), shape, values);
  }
}
