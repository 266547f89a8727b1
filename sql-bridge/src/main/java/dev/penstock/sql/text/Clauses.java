package dev.penstock.sql.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Clauses that the parser behind does not know, put as others that it knows, token by token: {@code
 * FROM t SELECT a} has its SELECT first, {@code SEMI JOIN} and {@code ANTI JOIN} are LEFT ones, and
 * the keys of {@code DISTINCT ON} are the first item of the select list.
 */
final class Clauses {
  private static final Set<String> AFTER_SELECT =
      Set.of(
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
          "EXCEPT");

  private static final Set<String> AFTER_PARTITION = Set.of("ORDER", "ROWS", "RANGE", "GROUPS");

  private Clauses() {}

  /** The tokens in that order; the list itself stays as it is. */
  static List<Token> of(List<Token> tokens) {
    return partitions(distinctOn(semiJoins(selectsFirst(materialized(tokens)))));
  }

  /** {@code WITH t AS MATERIALIZED (...)}: without the word, as all of them are. */
  private static List<Token> materialized(List<Token> in) {
    List<Token> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      boolean not = is(in, i, "NOT") && is(in, i + 1, "MATERIALIZED");
      int word = not ? i + 1 : i;
      if (is(in, i - 1, "AS")
          && is(in, word, "MATERIALIZED")
          && word + 1 < in.size()
          && in.get(word + 1).isMark("(")) {
        i = word;
      } else {
        out.add(in.get(i));
      }
    }
    return out;
  }

  private static boolean is(List<Token> tokens, int i, String word) {
    return i >= 0 && i < tokens.size() && tokens.get(i).is(word);
  }

  /** The index behind the clause that begins at i: at a closing parenthesis or one of the words. */
  private static int end(List<Token> tokens, int i, Set<String> words) {
    int depth = 0;
    for (int j = i; j < tokens.size(); j++) {
      Token t = tokens.get(j);
      if (t.isMark("(") || t.isMark("[")) {
        depth++;
      } else if ((t.isMark(")") || t.isMark("]")) && --depth < 0) {
        return j;
      } else if (depth == 0 && t.kind() == Token.Kind.WORD && words.contains(t.upper())) {
        boolean inDistinct = t.is("FROM") && is(tokens, j - 1, "DISTINCT");
        boolean exclude = t.is("EXCEPT") && j + 1 < tokens.size() && tokens.get(j + 1).isMark("(");
        if (j > i && !inDistinct && !exclude) {
          return j;
        }
      }
    }
    return tokens.size();
  }

  private static List<Token> selectsFirst(List<Token> in) {
    List<Token> out = in;
    for (int i = 0; i < out.size(); i++) {
      Token before = i == 0 ? null : out.get(i - 1);
      boolean starts =
          before == null
              || before.isMark("(")
              || before.is("UNION")
              || before.is("ALL")
              || before.is("EXCEPT")
              || before.is("INTERSECT")
              || before.isMark(")") && withEnds(out, i - 1);
      if (!is(out, i, "FROM") || !starts) {
        continue;
      }
      int select = end(out, i, withWord(AFTER_SELECT, "SELECT"));
      if (!is(out, select, "SELECT")) {
        continue;
      }
      int end = end(out, select, AFTER_SELECT);
      List<Token> moved = new ArrayList<>(out.subList(0, i));
      moved.addAll(out.subList(select, end));
      moved.addAll(out.subList(i, select));
      moved.addAll(out.subList(end, out.size()));
      out = moved;
    }
    return out;
  }

  /** Does the parenthesis that closes at i close the query of a WITH? */
  private static boolean withEnds(List<Token> tokens, int i) {
    int depth = 0;
    for (int j = i; j > 0; j--) {
      if (tokens.get(j).isMark(")")) {
        depth++;
      } else if (tokens.get(j).isMark("(") && --depth == 0) {
        return is(tokens, j - 1, "AS") || is(tokens, j - 1, "MATERIALIZED");
      }
    }
    return false;
  }

  private static Set<String> withWord(Set<String> words, String word) {
    Set<String> all = new java.util.HashSet<>(words);
    all.add(word);
    return all;
  }

  private static List<Token> semiJoins(List<Token> in) {
    List<Token> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Token t = in.get(i);
      boolean semi = t.is("SEMI") || t.is("ANTI");
      if (semi && is(in, i + 1, "JOIN") && i > 0 && !is(in, i - 1, "LEFT")) {
        out.add(new Token(Token.Kind.WORD, "LEFT", t.start()));
      }
      out.add(t);
    }
    return out;
  }

  /** {@code PARTITION BY (SELECT 1)}: the keys in a call, as the parser takes no queries there. */
  private static List<Token> partitions(List<Token> in) {
    List<Token> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      out.add(in.get(i));
      if (!is(in, i, "BY") || !is(in, i - 1, "PARTITION")) {
        continue;
      }
      int end = end(in, i + 1, AFTER_PARTITION);
      List<Token> keys = in.subList(i + 1, end);
      if (keys.stream().anyMatch(t -> t.is("SELECT") || t.is("VALUES") || t.is("FROM"))) {
        Token first = keys.get(0);
        out.add(new Token(Token.Kind.NAME, '"' + Spelling.PARTITION + '"', first.start()));
        out.add(new Token(Token.Kind.MARK, "(", first.start()));
        out.addAll(partitions(keys));
        out.add(new Token(Token.Kind.MARK, ")", keys.get(keys.size() - 1).end()));
        i = end - 1;
      }
    }
    return out;
  }

  private static List<Token> distinctOn(List<Token> in) {
    List<Token> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Token t = in.get(i);
      if (t.is("DISTINCT")
          && is(in, i - 1, "SELECT")
          && is(in, i + 1, "ON")
          && i + 2 < in.size()
          && in.get(i + 2).isMark("(")) {
        int close = end(in, i + 3, Set.of());
        out.add(new Token(Token.Kind.NAME, '"' + Spelling.DISTINCT_ON + '"', t.start()));
        out.addAll(in.subList(i + 2, Math.min(close + 1, in.size())));
        out.add(new Token(Token.Kind.MARK, ",", t.start()));
        i = close;
      } else {
        out.add(t);
      }
    }
    return out;
  }
}
