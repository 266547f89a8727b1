package dev.penstock.sql.statement;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sql.Statement;
import dev.penstock.sql.text.Places;
import dev.penstock.sql.text.Token;
import java.util.List;
import java.util.Locale;

/** Goes through a statement's tokens. For one thread. */
final class TokenReader {
  private final Statement statement;
  private final List<Token> tokens;
  private int at;

  TokenReader(Statement statement) {
    this.statement = statement;
    this.tokens = statement.tokens();
  }

  Token peek() {
    return peek(0);
  }

  Token peek(int ahead) {
    int i = at + ahead;
    return i < tokens.size()
        ? tokens.get(i)
        : new Token(Token.Kind.MARK, "", tokens.get(tokens.size() - 1).end());
  }

  boolean isEnd() {
    return at >= tokens.size();
  }

  Token take() {
    Token token = peek();
    at++;
    return token;
  }

  /** Do these words (in upper case) come next? */
  boolean at(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!peek(i).is(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** Takes these words if they come next, all of them. */
  boolean accept(String... words) {
    boolean there = at(words);
    at += there ? words.length : 0;
    return there;
  }

  /** Takes the one of these words that comes next; empty if none does. */
  String acceptAny(String... words) {
    for (String word : words) {
      if (accept(word)) {
        return word;
      }
    }
    return "";
  }

  void expect(String word) {
    if (!accept(word)) {
      throw expected(word);
    }
  }

  boolean acceptMark(String mark) {
    boolean there = peek().isMark(mark);
    at += there ? 1 : 0;
    return there;
  }

  void expectMark(String mark) {
    if (!acceptMark(mark)) {
      throw expected("'" + mark + "'");
    }
  }

  /** Takes a name: a word, or quoted. */
  String name(String what) {
    Token t = peek();
    if (t.kind() != Token.Kind.WORD && t.kind() != Token.Kind.NAME) {
      throw expected(what);
    }
    at++;
    return t.value();
  }

  /** Takes a table's name, the schemas main, temp and public before it left out. */
  String tableName() {
    String name = name("the name of a table");
    while (acceptMark(".")) {
      String last = name("a name");
      name =
          List.of("main", "temp", "public").contains(name.toLowerCase(Locale.ROOT))
              ? last
              : name + "." + last;
    }
    return name;
  }

  /** Takes {@code (a, b)}: names. */
  List<String> names(String what) {
    expectMark("(");
    List<String> names = new java.util.ArrayList<>();
    do {
      names.add(name(what));
    } while (acceptMark(","));
    expectMark(")");
    return names;
  }

  /** Does a query begin after so many tokens? */
  boolean atQuery(int ahead) {
    Token t = peek(ahead);
    while (t.isMark("(")) {
      t = peek(++ahead);
    }
    return t.is("SELECT") || t.is("WITH") || t.is("VALUES") || t.is("FROM") || t.is("TABLE");
  }

  /** Takes all that is left: a query. */
  List<Token> query() {
    if (!atQuery(0)) {
      throw expected("a query");
    }
    return rest();
  }

  /** Takes all that is left. */
  List<Token> rest() {
    List<Token> rest = List.copyOf(tokens.subList(at, tokens.size()));
    at = tokens.size();
    return rest;
  }

  /** Takes an expression: all up to one of these words or marks, outside of parentheses. */
  List<Token> expression(String... ends) {
    int depth = 0;
    int from = at;
    while (at < tokens.size()) {
      Token t = peek();
      if (depth == 0 && isOneOf(t, ends) && !isDistinctFrom(t)) {
        break;
      }
      depth += t.isMark("(") ? 1 : t.isMark(")") ? -1 : 0;
      at++;
    }
    if (at == from) {
      throw expected("an expression");
    }
    return List.copyOf(tokens.subList(from, at));
  }

  private boolean isDistinctFrom(Token t) {
    return t.is("FROM") && at > 0 && tokens.get(at - 1).is("DISTINCT");
  }

  private static boolean isOneOf(Token t, String... texts) {
    for (String text : texts) {
      if (t.is(text) || t.isMark(text)) {
        return true;
      }
    }
    return false;
  }

  void expectEnd() {
    if (!isEnd()) {
      throw expected("the end of the statement");
    }
  }

  /** "expected X, got Y", at the next token. */
  PenstockException expected(String what) {
    Token t = peek();
    return problem(
        t, "expected " + what + ", got " + (isEnd() ? "the end of the statement" : shown(t)));
  }

  static String shown(Token t) {
    return t.kind() == Token.Kind.STRING || t.kind() == Token.Kind.NAME
        ? t.text()
        : "'" + t.text() + "'";
  }

  /** An INCORRECT error at a token. */
  PenstockException problem(Token at, String message) {
    return new Places(statement.text(), statement.source()).problem(at.start(), message);
  }

  /** The same error, with its place. */
  PenstockException placed(Token at, PenstockException e) {
    return placed(statement, at, e);
  }

  static PenstockException placed(Statement statement, Token at, PenstockException e) {
    return new PenstockException(
        e.category(),
        e.code(),
        new Places(statement.text(), statement.source())
            .at(at.start(), String.valueOf(e.getMessage())),
        e);
  }
}
