package dev.penstock.sql.text;

import dev.penstock.monitor.PenstockException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code t TABLESAMPLE ...}, {@code USING SAMPLE ...} and {@code a POSITIONAL JOIN b}, token by
 * token. A sample is a sub-select that draws by the numbers of the rows:
 *
 * <pre>
 * t AS a TABLESAMPLE 10% REPEATABLE (7)
 * (SELECT * EXCLUDE ("$row") FROM (SELECT *, "$row_number"() AS "$row" FROM t) WHERE
 *   "$draw"(7, "$row") * 100 &lt; 10) AS a
 * </pre>
 *
 * Of {@code 5 ROWS} it is those with the least draws. A positional join is a FULL one on {@code
 * "$positional"()}.
 */
final class Samples {
  /** The condition of a join by the numbers of the rows. */
  static final String POSITIONAL = "\"$positional\"()";

  private static final Set<String> METHODS = Set.of("BERNOULLI", "SYSTEM", "RESERVOIR");

  /** Words that end a FROM clause. */
  private static final Set<String> ENDS =
      Set.of("WHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW", "USING");

  /**
   * What a clause asks for.
   *
   * @param seed null: any
   * @param end the index behind the clause
   */
  private record Sample(String size, boolean percent, @Nullable String seed, int end) {}

  private final List<Token> in;
  private final Parts parts;

  private Samples(List<Token> in) {
    this.in = in;
    this.parts = new Parts(in);
  }

  /** The tokens without such clauses; the list itself stays as it is. */
  static List<Token> of(List<Token> tokens) {
    List<Token> out = tokens;
    for (int i = 0; i < out.size(); i++) {
      Token t = out.get(i);
      if (t.is("TABLESAMPLE")) {
        out = new Samples(out).table(i);
      } else if (t.is("USING") && i + 1 < out.size() && out.get(i + 1).is("SAMPLE")) {
        out = new Samples(out).all(i);
      } else if (t.is("POSITIONAL") && i + 1 < out.size() && out.get(i + 1).is("JOIN")) {
        out = new Samples(out).positional(i);
      }
    }
    return out;
  }

  private List<Token> positional(int i) {
    Token t = in.get(i);
    Token first = parts.at(i + 2);
    if (!Parts.isName(first) && first.kind() != Token.Kind.STRING && !first.isMark("(")) {
      throw problem("POSITIONAL JOIN expects a table, got '" + first.text() + "'");
    }
    int end = parts.behindAlias(parts.behindTable(i + 2));
    List<Token> out = parts.copy(0, i);
    Parts.write(out, t, "FULL JOIN");
    out.addAll(in.subList(i + 2, Math.min(end, in.size())));
    Parts.write(out, t, "ON " + POSITIONAL);
    out.addAll(parts.copy(Math.min(end, in.size()), in.size()));
    return out;
  }

  private List<Token> table(int i) {
    int begin = i;
    while (begin > 0 && !beginsTable(in.get(begin - 1))) {
      begin -= 1;
      if (Parts.closes(in.get(begin))) {
        begin = open(begin);
      }
    }
    return settled(begin, i, sample(i + 1, in.get(i)));
  }

  private static boolean beginsTable(Token before) {
    return before.is("FROM") || before.is("JOIN") || before.isMark(",") || before.isMark("(");
  }

  private int open(int close) {
    int depth = 0;
    for (int j = close; j > 0; j--) {
      depth += Parts.closes(in.get(j)) ? 1 : Parts.opens(in.get(j)) ? -1 : 0;
      if (depth == 0) {
        return j;
      }
    }
    return 0;
  }

  /** {@code SELECT ... FROM t WHERE ... USING SAMPLE ...}: of what is in FROM. */
  private List<Token> all(int i) {
    int from = i;
    while (from > 0 && !in.get(from).is("FROM")) {
      from -= 1;
      if (Parts.closes(in.get(from))) {
        from = open(from);
      }
    }
    int end = parts.behindAlias(parts.behindTable(from + 1));
    if (!in.get(from).is("FROM") || !ENDS.contains(parts.at(end).upper())) {
      throw problem(
          "USING SAMPLE takes a FROM of one table; write TABLESAMPLE behind a table of a join");
    }
    Sample sample = sample(i + 2, in.get(i));
    List<Token> plain = parts.copy(0, i);
    plain.addAll(parts.copy(sample.end, in.size()));
    return new Samples(plain)
        .settled(from + 1, end, new Sample(sample.size, sample.percent, sample.seed, end));
  }

  /** With the table and its alias from begin to before the end as a sample. */
  private List<Token> settled(int begin, int end, Sample sample) {
    int alias = parts.behindTable(begin);
    Token t = parts.at(begin);
    String seed = sample.seed == null ? "NULL" : sample.seed;
    List<Token> out = parts.copy(0, begin);
    Parts.write(
        out, t, "(SELECT * EXCLUDE (\"$row\") FROM (SELECT *, \"$row_number\"() AS \"$row\" FROM");
    out.addAll(parts.copy(begin, alias));
    Parts.write(out, t, ") AS \"$all\"");
    String draw = "\"$draw\"(" + seed + ", \"$row\")";
    Parts.write(
        out,
        t,
        sample.percent
            ? "WHERE " + draw + " * 100 < " + sample.size + ")"
            : "ORDER BY " + draw + " LIMIT " + sample.size + ")");
    if (alias < end) {
      out.addAll(parts.copy(alias, end));
    } else if (Parts.isName(parts.at(alias - 1))) {
      Parts.write(out, t, "AS");
      out.add(parts.at(alias - 1));
    }
    out.addAll(parts.copy(sample.end, in.size()));
    return out;
  }

  private Sample sample(int begin, Token clause) {
    int i = begin;
    String method = METHODS.contains(parts.at(i).upper()) ? parts.at(i++).upper() : "";
    boolean list = parts.at(i).isMark("(");
    i += list ? 1 : 0;
    Token size = parts.at(i++);
    if (size.kind() != Token.Kind.NUMBER) {
      throw problem(
          clause.upper() + " expects a number of rows or percents, got '" + size.text() + "'");
    }
    Token unit = parts.at(i);
    boolean percent = unit.isMark("%") || unit.is("PERCENT");
    boolean rows = unit.is("ROWS") || unit.is("ROW");
    i += percent || rows ? 1 : 0;
    i += list && parts.at(i).isMark(")") ? 1 : 0;
    String seed = null;
    if (method.isEmpty() && parts.at(i).isMark("(")) { // 10% (bernoulli, 42)
      method = parts.at(i + 1).upper();
      int close = parts.close(i);
      seed = parts.at(i + 2).isMark(",") ? parts.at(i + 3).text() : null;
      i = close + 1;
    }
    if (parts.at(i).is("REPEATABLE") && parts.at(i + 1).isMark("(")) {
      seed = parts.at(i + 2).text();
      i = parts.close(i + 1) + 1;
    }
    boolean share = percent || !rows && (method.equals("BERNOULLI") || method.equals("SYSTEM"));
    if (rows && (method.equals("BERNOULLI") || method.equals("SYSTEM"))) {
      throw problem(method + " takes percents; RESERVOIR takes a number of rows");
    }
    if (!method.isEmpty() && !METHODS.contains(method)) {
      throw problem("a sample is BERNOULLI, SYSTEM or RESERVOIR, got " + method);
    }
    if (seed != null && !seed.chars().allMatch(Character::isDigit)) {
      throw problem("REPEATABLE takes a whole number, got " + seed);
    }
    if (share && Double.parseDouble(size.text()) > 100) {
      throw problem("a sample is of at most 100 percent, got " + size.text());
    }
    return new Sample(size.text(), share, seed, i);
  }

  private static PenstockException problem(String message) {
    return PenstockException.incorrect("sql-sample", message);
  }
}
