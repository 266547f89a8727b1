package dev.penstock.sql.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lists, structures and slices as calls: {@code [1, 2]} and {@code ARRAY[1, 2]} are {@code
 * list_value(1, 2)}, {@code {'a': 1}} is {@code struct_pack('a', 1)}, {@code x[1:2]} is {@code
 * x[$bounds(1, 2)]}.
 */
final class Brackets {
  private final List<Token> in;
  private final List<Token> out = new ArrayList<>();

  /** What closes each open bracket; a slice's begins with a blank. */
  private final Deque<String> closing = new ArrayDeque<>();

  private Brackets(List<Token> in) {
    this.in = in;
  }

  static List<Token> of(List<Token> in) {
    if (in.stream().noneMatch(t -> t.isMark("[") || t.isMark("{"))) {
      return in;
    }
    Brackets b = new Brackets(in);
    for (int i = 0; i < in.size(); i++) {
      i = b.step(i);
    }
    return b.out;
  }

  private void mark(String text, Token at) {
    out.add(new Token(Token.Kind.MARK, text, at.start()));
  }

  private void call(String name, Token at) {
    out.add(new Token(Token.Kind.NAME, '"' + name + '"', at.start()));
    mark("(", at);
  }

  private boolean is(int i, String mark) {
    return i < in.size() && in.get(i).isMark(mark);
  }

  /** Takes the token at i; gives the index of the last one taken. */
  private int step(int i) {
    Token t = in.get(i);
    if (t.is("ARRAY") && is(i + 1, "[") || t.is("MAP") && is(i + 1, "{")) {
      return i;
    }
    if (t.kind() != Token.Kind.MARK) {
      out.add(t);
      return i;
    }
    switch (t.text()) {
      case "(" -> {
        closing.push(")");
        out.add(t);
      }
      case "[" -> {
        return open(i, t);
      }
      case "{" -> {
        call("struct_pack", t);
        closing.push("}");
        return key(i);
      }
      case ")", "]", "}" -> close(t);
      case "," -> {
        out.add(t);
        if ("}".equals(closing.peek())) {
          return key(i);
        }
      }
      case ":" -> {
        if (" ]".equals(closing.peek())) {
          bound(out.get(out.size() - 1).isMark("("), t);
          mark(",", t);
          bound(is(i + 1, "]"), t);
        } else {
          out.add(t);
        }
      }
      default -> out.add(t);
    }
    return i;
  }

  private int open(int i, Token t) {
    Token before = i == 0 ? null : in.get(i - 1);
    if (before != null && is(i + 1, "]") && Words.endsOperand(before)) {
      out.add(new Token(Token.Kind.WORD, "ARRAY", t.start())); // a type: INTEGER[]
      return i + 1;
    }
    boolean literal =
        before == null || !Words.endsOperand(before) || before.is("ARRAY") || before.is("FROM");
    if (literal) {
      call("list_value", t);
      closing.push(")");
    } else {
      mark("[", t);
      boolean slice = hasColon(i + 1);
      if (slice) {
        call("$bounds", t);
      }
      closing.push(slice ? " ]" : "]");
    }
    return i;
  }

  private void close(Token t) {
    String text = closing.isEmpty() ? t.text() : closing.pop();
    if (text.equals(" ]")) {
      mark(")", t);
      mark("]", t);
    } else if (text.equals("}")) {
      mark(")", t);
    } else {
      mark(text, t);
    }
  }

  private void bound(boolean missing, Token at) {
    if (missing) {
      out.add(new Token(Token.Kind.WORD, "NULL", at.start()));
    }
  }

  /** The key behind the token at i, if there is one with its colon. */
  private int key(int i) {
    if (!is(i + 2, ":")) {
      return i;
    }
    Token key = in.get(i + 1);
    out.add(
        new Token(
            Token.Kind.STRING, "'" + key.value().replace("'", "''") + "'", key.start(), key.end()));
    mark(",", in.get(i + 2));
    return i + 2;
  }

  private boolean hasColon(int i) {
    int depth = 0;
    for (int j = i; j < in.size(); j++) {
      Token t = in.get(j);
      if (t.isMark("(") || t.isMark("[") || t.isMark("{")) {
        depth++;
      } else if (t.isMark(")") || t.isMark("]") || t.isMark("}")) {
        if (--depth < 0) {
          return false;
        }
      } else if (depth == 0 && t.isMark(":")) {
        return true;
      }
    }
    return false;
  }
}
