package dev.penstock.sql.text;

import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Stars with what is said of them, and {@code COLUMNS(...)}, as calls that the parser behind can
 * read, token by token: {@code t.* EXCLUDE (a) RENAME (b AS c)} is {@code "$star"('t',
 * "$exclude"('', 'a'), "$rename"('b', 'c'))}, and {@code COLUMNS('x.*')} is {@code "$columns"('',
 * "$matching"('x.*'))}.
 */
public final class Stars {
  /** The call that stands for an item of a select list that is several columns. */
  public static final String STAR = "$star";

  /** The call that stands for each of several columns in an expression. */
  public static final String COLUMNS = "$columns";

  /** The call that stands for several columns as arguments. */
  public static final String UNPACKED = "$unpacked";

  public static final String EXCLUDE = "$exclude";
  public static final String REPLACE = "$replace";
  public static final String RENAME = "$rename";
  public static final String MATCHING = "$matching";
  public static final String NAMES = "$names";
  public static final String LIKE = "$like";

  private static final Set<String> PATTERNS = Set.of("LIKE", "ILIKE", "GLOB", "SIMILAR");

  private final List<Token> in;
  private final List<Token> out = new ArrayList<>();
  private int at;

  private Stars(List<Token> in) {
    this.in = in;
  }

  /** The tokens with calls; the list itself stays as it is. */
  static List<Token> of(List<Token> in) {
    if (in.stream().noneMatch(t -> t.isMark("*")) && in.stream().noneMatch(t -> t.is("COLUMNS"))) {
      return in;
    }
    Stars s = new Stars(in);
    while (s.at < in.size()) {
      s.step();
    }
    return s.out;
  }

  private Token token(int ahead) {
    int i = at + ahead;
    return i >= 0 && i < in.size() ? in.get(i) : new Token(Token.Kind.MARK, "", 0);
  }

  private void step() {
    Token t = token(0);
    boolean columns = t.is("COLUMNS") && token(1).isMark("(") && !token(-1).isMark(".");
    if (columns && close(at + 1) > at + 1) {
      columns(t);
    } else if (t.isMark("*") && isStar() && isModified()) {
      star(STAR);
    } else {
      out.add(t);
      at++;
    }
  }

  /** All columns, and no product? */
  private boolean isStar() {
    return token(-1).isMark(".") || at > 0 && !Words.endsOperand(token(-1));
  }

  private boolean isModified() {
    Token next = token(1);
    return next.is("EXCLUDE")
        || next.is("EXCEPT") && token(2).isMark("(")
        || next.is("REPLACE")
        || next.is("RENAME")
        || isPattern(1);
  }

  private boolean isPattern(int ahead) {
    int word = token(ahead).is("NOT") ? ahead + 1 : ahead;
    return PATTERNS.contains(token(word).upper());
  }

  /** {@code COLUMNS(...)}: of a star, names, or a pattern. */
  private void columns(Token t) {
    boolean unpacked = !out.isEmpty() && token(-1).isMark("*") && !endsBefore();
    if (unpacked) {
      out.remove(out.size() - 1);
    }
    String call = unpacked ? UNPACKED : COLUMNS;
    int close = close(at + 1);
    int begin = at;
    at += 2;
    Token arg = token(0);
    if (arg.kind() == Token.Kind.STRING && at + 1 == close) {
      open(call, t);
      text("", arg);
      mark(",", arg);
      one(MATCHING, arg, List.of(arg));
    } else if (arg.isMark("[")) {
      open(call, t);
      text("", arg);
      mark(",", arg);
      one(
          NAMES,
          arg,
          in.subList(at + 1, close).stream().filter(n -> n.kind() == Token.Kind.STRING).toList());
    } else if (!lambda(call, t, close)) {
      if (token(1).isMark(".") && token(2).isMark("*")) {
        out.add(token(0));
        out.add(token(1));
        at += 2;
      }
      if (!token(0).isMark("*")) {
        out.addAll(in.subList(begin, close + 1)); // nobody knows that function
        at = close + 1;
        return;
      }
      star(call);
      at = close + 1;
      alias();
      return;
    }
    mark(")", t);
    at = close + 1;
    alias();
  }

  /** {@code lambda c: c LIKE 'x%'}, {@code c -> c LIKE 'x%'}. */
  private boolean lambda(String call, Token t, int close) {
    int name = token(0).is("LAMBDA") ? 1 : 0;
    if (!token(name + 1).isMark(name == 0 ? "->" : ":")
        || !token(name + 2).value().equalsIgnoreCase(token(name).value())) {
      return false;
    }
    int begin = at;
    at += name + 2;
    if (!isPattern(1)) {
      at = begin;
      return false;
    }
    open(call, t);
    text("", t);
    at++;
    pattern();
    return at == close;
  }

  /** {@code AS 'name'}: the name of a column. */
  private void alias() {
    if (token(0).is("AS") && token(1).kind() == Token.Kind.STRING) {
      Token name = token(1);
      out.add(token(0));
      out.add(new Token(Token.Kind.NAME, TokenWriter.name(name.value()), name.start(), name.end()));
      at += 2;
    }
  }

  /** Does the token before the last one end an operand, so that the last is a product's sign? */
  private boolean endsBefore() {
    return at >= 2 && Words.endsOperand(token(-2));
  }

  /** The star here, with what is said of it. */
  private void star(String call) {
    Token t = token(0);
    String qualifier = "";
    if (token(-1).isMark(".")) {
      out.remove(out.size() - 1);
      qualifier = out.remove(out.size() - 1).value();
      while (!out.isEmpty() && out.get(out.size() - 1).isMark(".")) {
        out.subList(out.size() - 2, out.size()).clear(); // the schema of the table
      }
    }
    at++;
    open(call, t);
    text(qualifier, t);
    while (true) {
      Token word = token(0);
      if (word.is("EXCLUDE") || word.is("EXCEPT")) {
        names(EXCLUDE, true);
      } else if (word.is("RENAME")) {
        names(RENAME, false);
      } else if (word.is("REPLACE")) {
        replaced();
      } else if (isPattern(0)) {
        pattern();
      } else {
        break;
      }
    }
    mark(")", t);
  }

  /** {@code (a, t.b)}, or {@code (a AS b, c AS d)}. */
  private void names(String call, boolean qualified) {
    Token word = token(0);
    boolean list = token(1).isMark("(");
    int end = list ? close(at + 1) : behindOne(at + 1, !qualified);
    List<Token> texts = new ArrayList<>();
    for (int i = list ? at + 2 : at + 1; i < end; i++) {
      Token t = in.get(i);
      boolean name = t.kind() == Token.Kind.NAME || t.kind() == Token.Kind.WORD && !t.is("AS");
      if (!name) {
        continue;
      }
      if (qualified && in.get(i - 1).isMark(".")) {
        texts.set(texts.size() - 2, texts.get(texts.size() - 1));
        texts.set(texts.size() - 1, string(t.value(), t));
      } else if (!qualified && i + 1 < end && in.get(i + 1).isMark(".")) {
        i++; // the name of the column's table
      } else {
        if (qualified) {
          texts.add(string("", t));
        }
        texts.add(string(t.value(), t));
      }
    }
    if (texts.isEmpty() || texts.size() % 2 != 0) {
      throw PenstockException.incorrect(
          "sql-star",
          qualified
              ? "* " + word.upper() + " expects names of columns, as in * EXCLUDE (a, b)"
              : "* RENAME expects old and new names, as in * RENAME (a AS b)");
    }
    mark(",", word);
    one(call, word, texts);
    at = list ? end + 1 : end;
  }

  /** The index behind {@code a} or {@code a AS b}. */
  private int behindOne(int i, boolean named) {
    return Math.min(in.size(), named ? i + 3 : i + 1);
  }

  /** {@code (x AS a, y AS b)}. */
  private void replaced() {
    Token word = token(0);
    boolean list = token(1).isMark("(");
    int end = list ? close(at + 1) : behindOne(at + 1, true);
    mark(",", word);
    open(REPLACE, word);
    int depth = 0;
    int begin = list ? at + 2 : at + 1;
    boolean first = true;
    for (int i = begin; i <= end; i++) {
      Token t = i < in.size() ? in.get(i) : new Token(Token.Kind.MARK, "", 0);
      if (i == end || depth == 0 && t.isMark(",")) {
        if (!first) {
          mark(",", word);
        }
        first = false;
        Token name = in.get(i - 1);
        out.addAll(of(in.subList(begin, Math.max(begin, i - (in.get(i - 2).is("AS") ? 2 : 1)))));
        mark(",", name);
        text(name.value(), name);
        begin = i + 1;
      } else if (t.isMark("(") || t.isMark("[") || t.isMark("{")) {
        depth++;
      } else if (t.isMark(")") || t.isMark("]") || t.isMark("}")) {
        depth--;
      }
    }
    mark(")", word);
    at = list ? end + 1 : end;
  }

  /** {@code LIKE 'x%'}, {@code NOT SIMILAR TO 'x.*'}. */
  private void pattern() {
    Token word = token(0);
    boolean not = word.is("NOT");
    at += not ? 1 : 0;
    String kind = token(0).upper();
    at += token(0).is("SIMILAR") ? 2 : 1;
    mark(",", word);
    one(LIKE, word, List.of(string((not ? "NOT " : "") + kind, word), token(0)));
    at++;
  }

  private int close(int i) {
    int depth = 0;
    for (int j = i; j < in.size(); j++) {
      if (in.get(j).isMark("(")) {
        depth++;
      } else if (in.get(j).isMark(")") && --depth == 0) {
        return j;
      }
    }
    return -1;
  }

  private void open(String call, Token at) {
    out.add(new Token(Token.Kind.NAME, TokenWriter.name(call), at.start(), at.end()));
    mark("(", at);
  }

  private void one(String call, Token at, List<Token> args) {
    open(call, at);
    for (int i = 0; i < args.size(); i++) {
      if (i > 0) {
        mark(",", at);
      }
      out.add(args.get(i));
    }
    mark(")", at);
  }

  private void mark(String text, Token at) {
    out.add(new Token(Token.Kind.MARK, text, at.start(), at.end()));
  }

  private void text(String value, Token at) {
    out.add(string(value, at));
  }

  private static Token string(String value, Token at) {
    return new Token(Token.Kind.STRING, "'" + value.replace("'", "''") + "'", at.start(), at.end());
  }
}
