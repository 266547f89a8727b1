package dev.penstock.sql.text;

import dev.penstock.monitor.CancellationToken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A query in the spelling that the parser behind knows, on one line, with the way back from its
 * offsets to those of the text as written.
 *
 * <p>What is respelled: files and table functions in FROM become quoted names (that text is the
 * table's name); intervals of any spelling become calls of {@code to_interval}; {@code ==}, {@code
 * ISNULL}, {@code x::T}, {@code GROUP BY ALL}, {@code FROM t} without SELECT, {@code WHERE} without
 * FROM, {@code f(x IGNORE NULLS)}, and names that only the parser reserves.
 */
public final class Spelling extends TokenWriter {
  /** The key that stands for ALL in GROUP BY ALL and ORDER BY ALL. */
  public static final String ALL_COLUMNS = "$all";

  /** The call that stands for DISTINCT ON in a select list. */
  public static final String DISTINCT_ON = "$distinct_on";

  /** The sub-select of a query whose LIMIT is an expression, with its rows numbered. */
  public static final String NUMBERED = "$numbered";

  /** The call that stands for the keys of a PARTITION BY that holds queries. */
  public static final String PARTITION = "$partition";

  private static final List<UnaryOperator<List<Token>>> PASSES =
      List.of(
          Lambdas::of,
          Stars::of,
          Samples::of,
          Chains::of,
          Sugar::of,
          Limits::of,
          ComputedLimits::of);

  private final Deque<Frame> frames = new ArrayDeque<>();
  private String pendingClose = ")";
  private boolean castNext;

  private Spelling(String written, List<Token> in) {
    super(written, new ArrayList<>(Clauses.of(Brackets.of(in))));
    frames.push(new Frame(false, ")"));
  }

  /**
   * @param written the whole text that the tokens were cut from
   * @param token checked again and again
   */
  public static Spelling of(String written, List<Token> given, CancellationToken token) {
    List<Token> tokens = given;
    for (UnaryOperator<List<Token>> pass : PASSES) {
      token.check();
      tokens = pass.apply(tokens);
    }
    tokens = new ArrayList<>(tokens);
    Parentheses.settle(tokens);
    token.check();
    InfixCasts.respell(tokens);
    token.check();
    Spelling s = new Spelling(written, tokens);
    while (s.at < s.in.size()) {
      token.check();
      s.step();
    }
    return s;
  }

  private void step() {
    Token t = token(0);
    switch (t.kind()) {
      case MARK -> mark(t);
      case WORD -> word(t);
      case STRING -> {
        if (inTablePosition()) {
          emit(name(t.value()), t);
          at++;
        } else if (token(1).isMark("::") && token(2).is("INTERVAL")) {
          emit("(to_interval(" + t.text() + "))", t);
          at += 3;
        } else {
          copy();
        }
      }
      default -> copy();
    }
  }

  private void mark(Token t) {
    switch (t.text()) {
      case "(" -> {
        Frame frame = new Frame(castNext, pendingClose);
        if (inTablePosition() && !opensQuery()) {
          frame.joins();
        }
        frames.push(frame);
        castNext = false;
        pendingClose = ")";
        copy();
      }
      case ")" -> {
        String closing = frames.size() > 1 ? frames.pop().closing : ")";
        emit(closing, t);
        at++;
      }
      case "," -> {
        if (token(1).is("FROM") && frames.element().query) {
          at++; // a comma behind the last item
        } else {
          copy();
        }
      }
      case "==" -> {
        emit("=", t);
        at++;
      }
      case "//" -> instead("%", t);
      case "|", "&", ">>" -> instead("<<", t);
      case "**" -> instead("^", t);
      case "~" -> {
        if (Words.endsOperand(token(-1))) {
          copy();
        } else {
          bitNot(t);
        }
      }
      case "~~" -> instead("LIKE", t);
      case "!~~" -> instead("NOT LIKE", t);
      case "~~*" -> instead("ILIKE", t);
      case "!~~*" -> instead("NOT ILIKE", t);
      default -> copy();
    }
  }

  /** A minus in the place of the tilde would become a part of a number. */
  private void bitNot(Token t) {
    boolean negative = token(1).isMark("-") && token(2).kind() == Token.Kind.NUMBER;
    if (negative || token(1).kind() == Token.Kind.NUMBER) {
      emit("\"bit_not\"(" + token(1).text() + (negative ? token(2).text() : "") + ")", t);
      at += negative ? 3 : 2;
    } else if (token(1).isMark("(")) {
      emit("\"bit_not\"", t);
      at++;
    } else {
      instead("-", t);
    }
  }

  /** Right after FROM, JOIN, or a comma of a FROM clause. */
  private boolean inTablePosition() {
    Token before = token(-1);
    Frame frame = frames.element();
    return frame.query
        && frame.inFrom
        && (before.is("FROM")
            || before.is("JOIN")
            || before.isMark(",")
            || before.is("LATERAL")
            || before.isMark("(") && frame.join);
  }

  /** Does the parenthesis here hold a query, and no join of tables? */
  private boolean opensQuery() {
    int first = 1;
    while (token(first).isMark("(")) {
      first++;
    }
    return Words.QUERY.contains(token(first).upper());
  }

  private void word(Token t) {
    Frame frame = frames.element();
    switch (t.upper()) {
      case "SELECT" -> {
        frame.query = true;
        frame.from = false;
        frame.inFrom = false;
        copy();
      }
      case "VALUES", "WITH" -> {
        frame.query = true;
        copy();
      }
      case "FROM" -> from(t, frame);
      case "WHERE", "GROUP", "HAVING", "QUALIFY" -> clause(t, frame);
      case "ORDER" -> {
        frame.inFrom = false;
        if (inArguments(frame)) {
          emit(") WITHIN GROUP (", t);
        }
        copy();
        if (token(0).is("BY") && token(1).is("ALL") && !token(2).isMark("(")) {
          copy();
          emit(name(ALL_COLUMNS), token(0));
          at++;
        }
      }
      case "WINDOW" -> {
        if (token(2).is("AS") && token(3).isMark("(")) {
          clause(t, frame);
        } else {
          name(t, frame);
        }
      }
      case "LIMIT", "OFFSET", "UNION", "INTERSECT", "EXCEPT" -> {
        frame.inFrom = false;
        copy();
      }
      case "INTERVAL" -> interval(t);
      case "CAST", "TRY_CAST", "SAFE_CAST" -> {
        castNext = token(1).isMark("(");
        copy();
      }
      case "IGNORE", "RESPECT" -> {
        if (token(1).is("NULLS") && token(2).isMark(")") && frames.size() > 1) {
          String nulls = t.text() + " NULLS";
          at += 2;
          mark(token(0));
          emit(nulls, t);
        } else {
          copy();
        }
      }
      case "TIMESTAMPTZ" -> {
        if (token(1).kind() == Token.Kind.STRING) {
          emit("CAST(" + token(1).text() + " AS TIMESTAMP WITH LOCAL TIME ZONE)", t);
          at += 2;
        } else {
          copy();
        }
      }
      case "IN" -> in(t);
      case "FILTER" -> {
        copy();
        if (token(-2).isMark(")") && token(0).isMark("(") && !token(1).is("WHERE")) {
          mark(token(0));
          emit("WHERE", token(0));
        }
      }
      case "GROUPS" -> {
        if (Words.endsOperand(token(-1)) && Words.isBound(token(1))) {
          instead("ROWS", t);
        } else {
          name(t, frame);
        }
      }
      case "NOT" -> {
        if (token(1).is("NULL") && Words.endsOperand(token(-1))) {
          emit("IS NOT NULL", t);
          at += 2;
        } else {
          copy();
        }
      }
      case "GLOB" -> {
        if (Words.endsOperand(token(-1)) && !token(1).isMark("(")) {
          instead("LIKE", t);
        } else {
          copy();
        }
      }
      case "BY" -> {
        if (token(1).is("NAME") && (token(-1).is("UNION") || token(-2).is("UNION"))) {
          marks.put(out.length(), "BY NAME");
          at += 2;
        } else {
          copy();
        }
      }
      case "ISNULL" -> {
        emit(token(1).isMark("(") ? "ISNULL" : "IS NULL", t);
        at++;
      }
      case "NOTNULL" -> {
        emit("IS NOT NULL", t);
        at++;
      }
      case "COUNT" -> {
        copy();
        if (token(0).isMark("(") && token(1).isMark(")")) {
          emit("(*)", token(0));
          at += 2;
        }
      }
      default -> name(t, frame);
    }
  }

  /** {@code x IN ()} is about no value, {@code x IN t} about the rows of a table. */
  private void in(Token t) {
    Token next = token(1);
    if (next.isMark("(") && token(2).isMark(")")) {
      emit("IN (SELECT NULL FROM (VALUES (0)) AS \"$none\" WHERE FALSE)", t);
      at += 3;
    } else if (Words.endsOperand(token(-1))
        && (next.kind() == Token.Kind.NAME || next.kind() == Token.Kind.WORD && !next.is("UNNEST"))
        && !token(2).isMark("(")) {
      emit("IN (SELECT * FROM " + next.text() + ")", t);
      at += 2;
    } else {
      copy();
    }
  }

  /** Behind the arguments of an aggregate whose ORDER BY the parser knows in WITHIN GROUP only? */
  private boolean inArguments(Frame frame) {
    Token call = enclosing();
    return !frame.query
        && !token(-1).isMark("(")
        && (call.kind() == Token.Kind.WORD || call.kind() == Token.Kind.NAME)
        && !Words.BEFORE_WINDOW.contains(call.upper());
  }

  private void from(Token t, Frame frame) {
    if (token(-1).is("DISTINCT") && (token(-2).is("IS") || token(-2).is("NOT"))) {
      copy();
      return;
    }
    boolean starts = !frame.query && (at == 0 || token(-1).isMark("(") || token(-1).isMark(")"));
    if (starts && (at == 0 || token(-1).isMark("(") && !isArgument())) {
      emit("SELECT *", t);
      frame.query = true;
    }
    if (frame.query) {
      frame.from = true;
      frame.inFrom = true;
    }
    copy();
  }

  /** Is the innermost parenthesis the argument list of a call? */
  private boolean isArgument() {
    Token head = token(-2);
    return head.kind() == Token.Kind.WORD
        && !head.is("AS")
        && !head.is("IN")
        && !head.is("EXISTS")
        && !head.is("FROM")
        && !head.is("JOIN");
  }

  private void clause(Token t, Frame frame) {
    if (t.is("GROUP") && token(-1).is("WITHIN")) {
      copy();
      return;
    }
    if (frame.query && !frame.from) {
      emit("FROM (VALUES (0)) AS \"$one\" (\"$zero\")", t);
      frame.from = true;
    }
    frame.inFrom = false;
    copy();
    if (t.is("GROUP") && token(0).is("BY") && token(1).is("ALL")) {
      copy();
      emit(name(ALL_COLUMNS), token(0));
      at++;
    }
  }

  private void interval(Token t) {
    Token value = token(1);
    if (value.kind() == Token.Kind.STRING) {
      boolean unit = Words.UNITS.contains(token(2).upper());
      if (unit && (token(3).is("TO") || token(3).isMark("("))) {
        copy();
        return;
      }
      String text = value.value() + (unit ? " " + token(2).text() : "");
      emit("(to_interval('" + text.replace("'", "''") + "'))", t);
      at += unit ? 3 : 2;
    } else if (value.kind() == Token.Kind.NUMBER && Words.UNITS.contains(token(2).upper())) {
      emit("(to_interval('" + value.text() + " " + token(2).text() + "'))", t);
      at += 3;
    } else if (value.isMark("(")) {
      String unit = unitAfterClose(at + 1);
      if (unit.isEmpty()) {
        copy();
        return;
      }
      pendingClose = ") * to_interval('1 " + unit + "')";
      at++;
    } else if (value.kind() == Token.Kind.WORD
        && Words.UNITS.contains(token(2).upper())
        && !value.is("AS")) {
      emit("(" + value.text() + " * to_interval('1 " + token(2).text() + "'))", t);
      at += 3;
    } else {
      copy();
    }
  }

  /** The unit behind the parenthesis that opens at i; it is dropped from the tokens. */
  private String unitAfterClose(int i) {
    int depth = 0;
    for (int j = i; j < in.size(); j++) {
      if (in.get(j).isMark("(")) {
        depth++;
      } else if (in.get(j).isMark(")") && --depth == 0) {
        boolean unit = j + 1 < in.size() && Words.UNITS.contains(in.get(j + 1).upper());
        return unit ? in.remove(j + 1).text() : "";
      }
    }
    return "";
  }

  private void name(Token t, Frame frame) {
    boolean call = token(1).isMark("(");
    if (call && inTablePosition() && isRowFunction(t)) {
      rows(t);
      return;
    }
    if (call && inTablePosition() && Words.TABLE_FUNCTIONS.contains(t.upper())) {
      int close = close(at + 1);
      if (close > 0) {
        emit(name(TableFunction.onOneLine(source(at, close))), t);
        at = close + 1;
        return;
      }
    }
    if (call
        && (Words.RESERVED_CALLS.contains(t.upper())
            || Words.COMMA_CALLS.contains(t.upper()) && hasComma())) {
      emit(name(t.text()), t);
      at++;
      return;
    }
    if (Words.TYPE_WORDS.contains(t.upper()) && !call && isName(t, frame)) {
      emit(name(t.text()), t);
      at++;
      return;
    }
    copy();
  }

  /** A function that gives rows of values which are no constants of the text. */
  private boolean isRowFunction(Token t) {
    boolean series = t.is("GENERATE_SERIES") || t.is("RANGE");
    int close = close(at + 1);
    return close > 0
        && (t.is("UNNEST")
            || series
                && in.subList(at + 2, close).stream()
                    .anyMatch(
                        a -> a.kind() != Token.Kind.NUMBER && !a.isMark(",") && !a.isMark("-")));
  }

  /** {@code unnest(x)} in FROM: a lateral sub-query that selects it. */
  private void rows(Token t) {
    String name = t.text().toLowerCase(Locale.ROOT);
    String function = t.is("UNNEST") ? "unnest" : t.is("RANGE") ? "$range" : "$series";
    Token next = token(close(at + 1) + 1 - at);
    boolean named =
        next.is("AS")
            || next.kind() == Token.Kind.NAME
            || next.kind() == Token.Kind.WORD && !Words.AFTER_TABLE.contains(next.upper());
    pendingClose =
        ") AS "
            + name(name)
            + " FROM (VALUES (0)) AS \"$one\" (\"$zero\"))"
            + (named ? "" : " AS " + name(name));
    String lateral = token(-1).is("LATERAL") ? "" : "LATERAL ";
    emit(lateral + "(SELECT " + name(function), t);
    at++;
  }

  /** Are the arguments of the call that begins here separated by commas, and not by words? */
  private boolean hasComma() {
    int depth = 0;
    for (int j = at + 1; j < in.size(); j++) {
      if (in.get(j).isMark("(")) {
        depth++;
      } else if (in.get(j).isMark(")") && --depth == 0) {
        return false;
      } else if (depth == 1 && in.get(j).isMark(",")) {
        return true;
      }
    }
    return false;
  }

  /** Is a word that the parser reserves a name here, and not a type or a part of a frame? */
  private boolean isName(Token t, Frame frame) {
    Token next = token(1);
    boolean frameOrLimit =
        (t.is("ROWS") || t.is("ROW") || t.is("RANGE") || t.is("NEXT"))
            && (next.kind() == Token.Kind.NUMBER
                || next.is("ROWS")
                || next.is("ROW")
                || next.is("INTERVAL")
                || next.is("PRECEDING")
                || token(-1).is("CURRENT")
                || token(-1).is("FETCH")
                || token(-1).kind() == Token.Kind.NUMBER);
    return !frameOrLimit
        && next.kind() != Token.Kind.STRING
        && !Words.BEFORE_KEYWORD.contains(next.upper())
        && !token(-1).isMark("::")
        && !(token(-1).is("AS") && frame.cast);
  }
}
