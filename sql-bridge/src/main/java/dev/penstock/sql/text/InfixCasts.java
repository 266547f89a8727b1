package dev.penstock.sql.text;

import java.util.List;
import java.util.Set;

/**
 * Writes {@code x::T} as {@code CAST(x AS T)}: it binds more than any other operator, which the
 * parser behind does not know. Casts to INTERVAL and to lists are left alone.
 */
final class InfixCasts {
  /** Words that a string makes a literal with. */
  private static final Set<String> TYPED = Set.of("DATE", "TIME", "TIMESTAMP", "INTERVAL", "X");

  /** Words that a parenthesis may follow, which is no argument list then. */
  private static final Set<String> BEFORE_GROUP =
      Set.of(
          "IN", "NOT", "VALUES", "AS", "ILIKE", "TO", "ESCAPE", "LIMIT", "OFFSET", "ANY", "ALL",
          "SOME");

  private final List<Token> tokens;

  private InfixCasts(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** In place. */
  static void respell(List<Token> tokens) {
    InfixCasts casts = new InfixCasts(tokens);
    for (int i = 1; i < tokens.size(); i++) {
      if (tokens.get(i).isMark("::")) {
        casts.respell(i);
      }
    }
  }

  private void respell(int at) {
    int from = operand(at - 1);
    int to = type(at + 1);
    if (from < 0 || to < 0) {
      return;
    }
    Token sign = tokens.get(at);
    tokens.add(to, new Token(Token.Kind.MARK, ")", tokens.get(to - 1).end() - 1));
    tokens.set(at, new Token(Token.Kind.WORD, "AS", sign.start()));
    int start = tokens.get(from).start();
    tokens.add(from, new Token(Token.Kind.MARK, "(", start));
    tokens.add(from, new Token(Token.Kind.WORD, "CAST", start));
  }

  private Token token(int i) {
    return i >= 0 && i < tokens.size() ? tokens.get(i) : new Token(Token.Kind.MARK, "", 0);
  }

  /** Where the operand begins that ends at i; -1 if none does. */
  private int operand(int i) {
    Token last = token(i);
    return switch (last.kind()) {
      case STRING -> TYPED.contains(token(i - 1).upper()) ? i - 1 : i;
      case NUMBER, BLOB -> i;
      case NAME -> qualified(i);
      case WORD -> last.is("END") ? caseOf(i) : qualified(i);
      case MARK ->
          switch (last.text()) {
            case ")" -> parenthesis(i);
            case "]" -> bracket(i);
            case "?" -> i;
            default -> -1;
          };
    };
  }

  private int qualified(int i) {
    int first = i;
    while (token(first - 1).isMark(".")) {
      first -= 2;
    }
    return first;
  }

  private int caseOf(int i) {
    int depth = 0;
    for (int j = i; j >= 0; j--) {
      depth += token(j).is("END") ? 1 : token(j).is("CASE") ? -1 : 0;
      if (depth == 0) {
        return j;
      }
    }
    return -1;
  }

  private int open(int i, String open, String close) {
    int depth = 0;
    for (int j = i; j >= 0; j--) {
      depth += token(j).isMark(close) ? 1 : token(j).isMark(open) ? -1 : 0;
      if (depth == 0) {
        return j;
      }
    }
    return -1;
  }

  /** A call, with what may stand behind it (FILTER, OVER, WITHIN GROUP), or a parenthesis. */
  private int parenthesis(int i) {
    int open = open(i, "(", ")");
    Token before = token(open - 1);
    if (before.is("OVER") || before.is("FILTER")) {
      return operand(open - 2);
    } else if (before.is("GROUP") && token(open - 2).is("WITHIN")) {
      return operand(open - 3);
    }
    boolean call =
        before.kind() == Token.Kind.NAME
            || before.kind() == Token.Kind.WORD
                && !Words.BEFORE_OPERAND.contains(before.upper())
                && !before.is("FROM") // IS DISTINCT FROM (a + b)::INT
                && !BEFORE_GROUP.contains(before.upper());
    return call ? qualified(open - 1) : open;
  }

  private int bracket(int i) {
    int open = open(i, "[", "]");
    Token before = token(open - 1);
    boolean list =
        before.kind() == Token.Kind.MARK
            ? !before.isMark(")") && !before.isMark("]")
            : before.kind() == Token.Kind.WORD && Words.BEFORE_OPERAND.contains(before.upper());
    return list ? open : operand(open - 1);
  }

  /** Where what follows the type begins; -1 if the type is none that CAST takes. */
  private int type(int i) {
    Token name = token(i);
    boolean word = name.kind() == Token.Kind.WORD || name.kind() == Token.Kind.NAME;
    if (!word || name.is("INTERVAL")) {
      return -1;
    }
    int next = i + 1;
    if (token(next).is("PRECISION") || token(next).is("VARYING")) {
      next++;
    }
    if (token(next).isMark("(")) {
      while (!token(next).isMark(")")) {
        if (next >= tokens.size()) {
          return -1;
        }
        next++;
      }
      next++;
    }
    if ((token(next).is("WITH") || token(next).is("WITHOUT"))
        && (token(next + 1).is("TIME") || token(next + 1).is("LOCAL"))) {
      next += token(next + 1).is("LOCAL") ? 4 : 3;
    }
    return token(next).isMark("[") ? -1 : next;
  }
}
