package dev.penstock.sql.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code LIMIT 2 * 3 + 1} as the number that it is: the parser behind knows numbers only. Whole
 * numbers, {@code + - *}, parentheses, and casts of a number to a type of one word.
 */
final class Limits {
  /** The tokens of one expression. */
  private static final class Sum {
    final List<Token> tokens;
    int at;

    Sum(List<Token> tokens, int at) {
      this.tokens = tokens;
      this.at = at;
    }

    boolean accept(String mark) {
      boolean there = at < tokens.size() && tokens.get(at).isMark(mark);
      at += there ? 1 : 0;
      return there;
    }

    /** Null: no whole number. */
    @Nullable Long sum() {
      Long value = product();
      while (value != null && at < tokens.size()) {
        boolean plus = accept("+");
        if (!plus && !accept("-")) {
          break;
        }
        Long next = product();
        value = next == null ? null : plus ? value + next : value - next;
      }
      return value;
    }

    private @Nullable Long product() {
      Long value = cast();
      while (value != null && accept("*")) {
        Long next = cast();
        value = next == null ? null : value * next;
      }
      return value;
    }

    private @Nullable Long cast() {
      Long value = number();
      while (value != null && accept("::")) {
        at++;
      }
      return value;
    }

    private @Nullable Long number() {
      if (accept("(")) {
        Long value = sum();
        return accept(")") ? value : null;
      }
      if (at >= tokens.size() || tokens.get(at).kind() != Token.Kind.NUMBER) {
        return null;
      }
      String text = tokens.get(at++).text();
      return text.length() < 10 && text.chars().allMatch(Character::isDigit)
          ? Long.valueOf(text)
          : null;
    }
  }

  private Limits() {}

  /** The tokens with numbers behind LIMIT and OFFSET; the list itself stays as it is. */
  static List<Token> of(List<Token> tokens) {
    List<Token> out = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token t = tokens.get(i);
      out.add(t);
      if (!t.is("LIMIT") && !t.is("OFFSET")) {
        continue;
      }
      Sum sum = new Sum(tokens, i + 1);
      Long value = sum.sum();
      if (value != null && value >= 0 && sum.at > i + 2 && ends(tokens, sum.at)) {
        Token first = tokens.get(i + 1);
        out.add(
            new Token(
                Token.Kind.NUMBER, value.toString(), first.start(), tokens.get(sum.at - 1).end()));
        i = sum.at - 1;
      }
    }
    return out;
  }

  private static boolean ends(List<Token> tokens, int i) {
    return i >= tokens.size()
        || tokens.get(i).isMark(")")
        || tokens.get(i).isMark(";")
        || tokens.get(i).is("OFFSET")
        || tokens.get(i).is("LIMIT");
  }
}
