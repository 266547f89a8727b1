package dev.penstock.sql.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Tokens that are read one by one, the text that is written of them, and the way back from its
 * offsets to those of the text as written.
 */
abstract class TokenWriter {
  final String written;
  final List<Token> in;
  final StringBuilder out = new StringBuilder();
  private final List<int[]> starts = new ArrayList<>();
  final TreeMap<Integer, String> marks = new TreeMap<>();

  /** Where tokens end, by where they start. */
  private final TreeMap<Integer, Integer> ends = new TreeMap<>();

  int at;

  TokenWriter(String written, List<Token> in) {
    this.written = written;
    this.in = in;
  }

  /** The query as the parser reads it. */
  public final String text() {
    return out.toString();
  }

  /**
   * What was written between two offsets of {@link #text} for an operator that stands for it; empty
   * if the operator means itself.
   */
  public final String written(int from, int to) {
    Map.Entry<Integer, String> mark = marks.ceilingEntry(from);
    return mark == null || mark.getKey() >= to ? "" : mark.getValue();
  }

  /** The offset in the text as written of an offset in {@link #text}. */
  public final int original(int offset) {
    int k = last(offset);
    int[] best = k >= 0 ? starts.get(k) : new int[] {0, in.isEmpty() ? 0 : in.get(0).start()};
    return Math.min(best[1] + Math.max(0, offset - best[0]), written.length());
  }

  /**
   * The offset behind what stands in the text as written for an offset of {@link #text}. Not before
   * all is written.
   */
  public final int originalEnd(int offset) {
    if (ends.isEmpty()) {
      in.forEach(t -> ends.put(t.start(), t.end()));
    }
    int k = Math.max(0, last(offset));
    int start = starts.isEmpty() ? 0 : starts.get(k)[1];
    int limit = k + 1 < starts.size() ? starts.get(k + 1)[1] : written.length();
    Map.Entry<Integer, Integer> token = ends.lowerEntry(limit);
    return token == null || token.getKey() < start ? start : token.getValue();
  }

  /** The last of what was written that starts at an offset or before; -1: nothing does. */
  private int last(int offset) {
    int low = 0;
    int high = starts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts.get(middle)[0] > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low - 1;
  }

  final Token token(int ahead) {
    int i = at + ahead;
    return i >= 0 && i < in.size() ? in.get(i) : new Token(Token.Kind.MARK, "", written.length());
  }

  final void emit(String text, Token from) {
    if (out.length() > 0) {
      out.append(' ');
    }
    starts.add(new int[] {out.length(), from.start()});
    out.append(text);
  }

  final void copy() {
    Token t = token(0);
    emit(t.text(), t);
    at++;
  }

  /** Another operator in the place of this one, with a mark that it is this one. */
  final void instead(String operator, Token t) {
    emit(operator, t);
    marks.put(out.length() - operator.length(), t.upper());
    at++;
  }

  static String name(String value) {
    return '"' + value.replace("\"", "\"\"") + '"';
  }

  /** The word before the innermost parenthesis. */
  final Token enclosing() {
    int depth = 0;
    for (int j = at - 1; j > 0; j--) {
      if (in.get(j).isMark(")")) {
        depth++;
      } else if (in.get(j).isMark("(") && depth-- == 0) {
        return in.get(j - 1);
      }
    }
    return new Token(Token.Kind.MARK, "", 0);
  }

  /** The index of the parenthesis that closes the one at i, 0 if there is none. */
  final int close(int i) {
    int depth = 0;
    for (int j = i; j < in.size(); j++) {
      if (in.get(j).isMark("(")) {
        depth++;
      } else if (in.get(j).isMark(")") && --depth == 0) {
        return j;
      }
    }
    return 0;
  }

  /** The text of tokens: as it was written, if they stand there together. */
  final String source(int from, int to) {
    int start = in.get(from).start();
    boolean asWritten =
        in.get(to).end() > start
            && in.subList(from, to + 1).stream()
                .allMatch(t -> written.startsWith(t.text(), t.start()));
    return asWritten
        ? written.substring(start, in.get(to).end())
        : in.subList(from, to + 1).stream().map(Token::text).collect(Collectors.joining());
  }
}
