package dev.penstock.sql.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * LIMIT and OFFSET with expressions, which the parser behind does not know, as a condition on the
 * numbers of the rows:
 *
 * <pre>
 * q LIMIT e OFFSET f
 * SELECT * EXCLUDE ("$row") FROM (SELECT *, "$row_number"() AS "$row" FROM (q LIMIT all)) WHERE
 *   "$limited"(e, "$row", f) ORDER BY "$row"
 * </pre>
 */
final class ComputedLimits {
  /** The limit that limits nothing: it keeps the order of a sub-query. */
  static final String ALL = "9223372036854775807";

  private static final Set<String> ENDS = Set.of("LIMIT", "OFFSET", "FETCH", "FOR");

  private final List<Token> in;

  private ComputedLimits(List<Token> in) {
    this.in = in;
  }

  /** The tokens without such clauses; the list itself stays as it is. */
  static List<Token> of(List<Token> tokens) {
    List<Token> out = tokens;
    for (int i = 0; i < out.size(); i++) {
      if (!out.get(i).is("LIMIT") && !out.get(i).is("OFFSET")) {
        continue;
      }
      List<Token> settled = new ComputedLimits(out).settled(i);
      if (settled != out) {
        out = settled;
        i = -1; // the expressions may hold further ones
      }
    }
    return out;
  }

  private List<Token> settled(int first) {
    int second = end(first + 1);
    boolean both = isClause(second) && !at(second).upper().equals(at(first).upper());
    int end = both ? end(second + 1) : second;
    boolean computed = isComputed(first + 1, second) || both && isComputed(second + 1, end);
    int begin = begin(first);
    if (!computed || begin < 0) {
      return in;
    }
    boolean limitFirst = at(first).is("LIMIT");
    List<Token> a = in.subList(first + 1, second);
    List<Token> b = both ? in.subList(second + 1, end) : List.of();
    List<Token> out = new ArrayList<>(in.subList(0, begin));
    wrap(out, in.subList(begin, first), limitFirst ? a : b, limitFirst ? b : a, at(first));
    out.addAll(in.subList(end, in.size()));
    return out;
  }

  private static void wrap(
      List<Token> out, List<Token> query, List<Token> limit, List<Token> offset, Token at) {
    boolean percent =
        !limit.isEmpty() && isPercent(limit.get(limit.size() - 1)) && limit.size() > 1;
    List<Token> most = percent ? limit.subList(0, limit.size() - 1) : limit;
    write(out, at, "SELECT * EXCLUDE ( \"$row\"");
    write(out, at, percent ? ", \"$count\" )" : ")");
    write(out, at, "FROM ( SELECT * , \"$row_number\" ( ) AS \"$row\"");
    write(out, at, percent ? ", count ( * ) OVER ( ) AS \"$count\"" : "");
    write(out, at, "FROM (");
    out.addAll(query);
    write(out, at, "LIMIT " + ALL + " ) AS \"$all\" ) AS " + Spelling.name(Spelling.NUMBERED));
    write(out, at, "WHERE \"$limited\" (");
    write(out, at, percent ? "floor ( \"$count\" * (" : "(");
    operand(out, most, at);
    write(out, at, percent ? ") / 100 ) ," : ") ,");
    write(out, at, "\"$row\" , (");
    operand(out, offset, at);
    write(out, at, ") ) ORDER BY \"$row\"");
  }

  private static void operand(List<Token> out, List<Token> tokens, Token at) {
    if (tokens.isEmpty()) {
      write(out, at, "NULL");
    }
    out.addAll(tokens);
  }

  /** Tokens that are separated by blanks. */
  private static void write(List<Token> out, Token at, String text) {
    for (String t : text.split(" ")) {
      if (!t.isEmpty()) {
        char c = t.charAt(0);
        Token.Kind kind =
            c == '"'
                ? Token.Kind.NAME
                : Character.isLetter(c)
                    ? Token.Kind.WORD
                    : Character.isDigit(c) ? Token.Kind.NUMBER : Token.Kind.MARK;
        out.add(new Token(kind, t, at.start(), at.end()));
      }
    }
  }

  private Token at(int i) {
    return i < in.size() ? in.get(i) : new Token(Token.Kind.MARK, "", 0);
  }

  private boolean isClause(int i) {
    return at(i).is("LIMIT") || at(i).is("OFFSET");
  }

  private static boolean isPercent(Token t) {
    return t.isMark("%") || t.is("PERCENT");
  }

  /** More than the number, parameter or word that the parser takes? */
  private boolean isComputed(int from, int to) {
    Token t = at(from);
    boolean row = at(to - 1).is("ROW") || at(to - 1).is("ROWS");
    boolean pair = to - from == 3 && at(from + 1).isMark(","); // LIMIT 1, 2
    return to - from > 1
        && !row
        && !pair
        && (t.isMark("(")
            || t.isMark("?")
            || t.kind() == Token.Kind.NUMBER
            || t.kind() == Token.Kind.WORD);
  }

  /** The index behind the expression that begins at i. */
  private int end(int i) {
    int depth = 0;
    for (int j = i; j < in.size(); j++) {
      Token t = in.get(j);
      if (t.isMark("(")) {
        depth++;
      } else if (t.isMark(")") && --depth < 0
          || depth == 0 && (t.isMark(";") || ENDS.contains(t.upper()))) {
        return j;
      }
    }
    return in.size();
  }

  /** Where the query begins whose clause is at i, behind its WITH; -1: it is none. */
  private int begin(int i) {
    int depth = 0;
    int open = i - 1;
    for (; open >= 0; open--) {
      if (in.get(open).isMark(")")) {
        depth++;
      } else if (in.get(open).isMark("(") && --depth < 0) {
        break;
      }
    }
    int from = open + 1;
    if (at(from).is("WITH")) {
      from = behindWith(from + 1);
    }
    boolean query =
        from < i
            && (at(from).is("SELECT")
                || at(from).is("FROM")
                || at(from).is("VALUES")
                || at(from).is("TABLE")
                || at(from).isMark("("));
    return query ? from : -1;
  }

  /** The index of the query behind the list of a WITH that begins at i. */
  private int behindWith(int i) {
    for (int j = i; j < in.size(); j++) {
      if (at(j).isMark("(")) {
        j = close(j);
        boolean columns = at(j + 1).is("AS");
        if (!columns && !at(j + 1).isMark(",")) {
          return j + 1;
        }
      }
    }
    return in.size();
  }

  private int close(int open) {
    int depth = 0;
    for (int j = open; j < in.size(); j++) {
      if (at(j).isMark("(")) {
        depth++;
      } else if (at(j).isMark(")") && --depth == 0) {
        return j;
      }
    }
    return in.size();
  }
}
