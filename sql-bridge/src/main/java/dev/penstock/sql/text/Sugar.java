package dev.penstock.sql.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Shorter ways to write what SQL has, put at length token by token: {@code x IN [1, 2]} is {@code x
 * = ANY([1, 2])}, {@code SELECT a: 1} is {@code SELECT 1 AS a}, and {@code AS MATERIALIZED (} is
 * {@code AS (}.
 */
final class Sugar {
  private static final Set<String> BEHIND_ITEM =
      Set.of(
          "FROM",
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

  private Sugar() {}

  /** The tokens at length; the list itself stays as it is. */
  static List<Token> of(List<Token> in) {
    return named(lists(in));
  }

  private static Token at(List<Token> in, int i) {
    return i >= 0 && i < in.size() ? in.get(i) : new Token(Token.Kind.MARK, "", 0);
  }

  private static List<Token> lists(List<Token> in) {
    List<Token> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Token t = in.get(i);
      boolean plainAs = t.is("AS") && at(in, i + 1).is("MATERIALIZED") && at(in, i + 2).isMark("(");
      boolean notAs =
          t.is("AS")
              && at(in, i + 1).is("NOT")
              && at(in, i + 2).is("MATERIALIZED")
              && at(in, i + 3).isMark("(");
      int close = t.is("IN") && at(in, i + 1).isMark("[") ? close(in, i + 1) : -1;
      if (plainAs || notAs) {
        out.add(t);
        i += notAs ? 2 : 1;
      } else if (close > 0) {
        boolean not = at(out, out.size() - 1).is("NOT");
        if (not) {
          out.remove(out.size() - 1);
        }
        out.add(new Token(Token.Kind.MARK, not ? "<>" : "=", t.start()));
        out.add(new Token(Token.Kind.WORD, not ? "ALL" : "ANY", t.start()));
        out.add(new Token(Token.Kind.MARK, "(", t.start()));
        out.addAll(lists(in.subList(i + 1, close + 1)));
        out.add(new Token(Token.Kind.MARK, ")", at(in, close).start()));
        i = close;
      } else {
        out.add(t);
      }
    }
    return out;
  }

  /** {@code name: expression} at the beginning of an item of a select list. */
  private static List<Token> named(List<Token> in) {
    List<Token> out = in;
    for (int i = 0; i + 2 < out.size(); i++) {
      Token before = at(out, i - 1);
      Token name = out.get(i);
      boolean isName = name.kind() == Token.Kind.WORD || name.kind() == Token.Kind.NAME;
      if (!isName || !out.get(i + 1).isMark(":")) {
        continue;
      }
      boolean begins = // last, for it looks back as far as the clause goes
          before.is("SELECT")
              || before.is("DISTINCT")
              || (before.isMark(",") && inSelectList(out, i - 1));
      if (!begins) {
        continue;
      }
      int end = end(out, i + 2);
      List<Token> moved = new ArrayList<>(out.subList(0, i));
      moved.addAll(out.subList(i + 2, end));
      moved.add(new Token(Token.Kind.WORD, "AS", name.start()));
      moved.add(name);
      moved.addAll(out.subList(end, out.size()));
      out = moved;
    }
    return out;
  }

  /** Does the innermost open clause before i begin with SELECT? */
  private static boolean inSelectList(List<Token> in, int i) {
    int depth = 0;
    for (int j = i - 1; j >= 0; j--) {
      Token t = in.get(j);
      if (t.isMark(")") || t.isMark("]") || t.isMark("}")) {
        depth++;
      } else if (t.isMark("(") || t.isMark("[") || t.isMark("{")) {
        if (--depth < 0) {
          return false;
        }
      } else if (depth == 0 && t.is("SELECT")) {
        return true;
      } else if (depth == 0 && t.kind() == Token.Kind.WORD && BEHIND_ITEM.contains(t.upper())) {
        return false;
      }
    }
    return false;
  }

  private static int end(List<Token> in, int i) {
    int depth = 0;
    for (int j = i; j < in.size(); j++) {
      Token t = in.get(j);
      if (t.isMark("(") || t.isMark("[") || t.isMark("{")) {
        depth++;
      } else if (t.isMark(")") || t.isMark("]") || t.isMark("}")) {
        if (--depth < 0) {
          return j;
        }
      } else if (depth == 0
          && (t.isMark(",") || (t.kind() == Token.Kind.WORD && BEHIND_ITEM.contains(t.upper())))) {
        return j;
      }
    }
    return in.size();
  }

  private static int close(List<Token> in, int i) {
    int depth = 0;
    for (int j = i; j < in.size(); j++) {
      if (in.get(j).isMark("[")) {
        depth++;
      } else if (in.get(j).isMark("]") && --depth == 0) {
        return j;
      }
    }
    return -1;
  }
}
