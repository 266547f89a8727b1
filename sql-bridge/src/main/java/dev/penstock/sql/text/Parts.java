package dev.penstock.sql.text;

import java.util.ArrayList;
import java.util.List;

/** Tokens of a query, with what brackets enclose and what stands where in them. */
final class Parts {
  private final List<Token> in;

  Parts(List<Token> in) {
    this.in = in;
  }

  /** The token at i; an empty mark beyond the ends. */
  Token at(int i) {
    return i >= 0 && i < in.size() ? in.get(i) : new Token(Token.Kind.MARK, "", 0);
  }

  static boolean opens(Token t) {
    return t.isMark("(") || t.isMark("[") || t.isMark("{");
  }

  static boolean closes(Token t) {
    return t.isMark(")") || t.isMark("]") || t.isMark("}");
  }

  /** The index of what closes the bracket at i; -1: nothing does. */
  int close(int i) {
    int depth = 0;
    for (int j = i; j < in.size(); j++) {
      if (opens(in.get(j))) {
        depth++;
      } else if (closes(in.get(j)) && --depth == 0) {
        return j;
      }
    }
    return -1;
  }

  /** The index of the first comma in no further bracket, from i on and before the end; or -1. */
  int comma(int i, int end) {
    for (int j = i; j < end; j++) {
      if (opens(in.get(j))) {
        int close = close(j);
        j = close < 0 ? end : close;
      } else if (in.get(j).isMark(",")) {
        return j;
      }
    }
    return -1;
  }

  static boolean isName(Token t) {
    return t.kind() == Token.Kind.NAME || t.kind() == Token.Kind.WORD;
  }

  /** The index behind a table, its alias not among it, that begins at i. */
  int behindTable(int i) {
    if (at(i).is("LATERAL")) {
      return behindTable(i + 1);
    }
    if (at(i).isMark("(")) {
      return close(i) + 1;
    }
    int end = i + 1;
    while (at(end).isMark(".")) {
      end += 2;
    }
    return isName(at(end - 1)) && at(end).isMark("(") ? close(end) + 1 : end;
  }

  /** The index behind the alias, if there is one at i. */
  int behindAlias(int i) {
    boolean as = at(i).is("AS");
    boolean name =
        at(i).kind() == Token.Kind.NAME
            || at(i).kind() == Token.Kind.WORD && !Words.AFTER_TABLE.contains(at(i).upper());
    int end = as ? i + 2 : name ? i + 1 : i;
    return end > i && at(end).isMark("(") ? close(end) + 1 : end;
  }

  /** Adds the tokens of a text, all of them at the place of another one. */
  static void write(List<Token> out, Token at, String text) {
    for (Token t : Tokenizer.tokens(text, "")) {
      out.add(new Token(t.kind(), t.text(), at.start(), at.end()));
    }
  }

  /** A copy of the tokens from i to before the end. */
  List<Token> copy(int i, int end) {
    return new ArrayList<>(in.subList(i, Math.max(i, end)));
  }
}
