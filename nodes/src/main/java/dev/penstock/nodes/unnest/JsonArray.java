package dev.penstock.nodes.unnest;

import dev.penstock.monitor.PenstockException;
import java.nio.charset.StandardCharsets;

/**
 * Walks over the elements of JSON array text in UTF-8 (RFC 8259, strictly), without copying.
 *
 * <pre>
 * array = ws "[" [ element { "," element } ] "]" ws        element = ws value ws
 * </pre>
 */
final class JsonArray {
  private static final int MOST_DEPTH = 512;
  private static final int SHOWN = 60;

  private byte[] text = {};
  private int start;
  private int end;
  private int at;
  private boolean first;
  private boolean open;

  /** Where the element lies in the text. */
  int elementStart;

  int elementEnd;

  /**
   * Begins with a text; false when it is the JSON null, which has no elements. INCORRECT when no
   * array begins here.
   */
  boolean begin(byte[] bytes, int from, int to) {
    text = bytes;
    start = from;
    end = to;
    at = from;
    skipSpace();
    first = true;
    open = false;
    if (at < end && text[at] == 'n') {
      skipWord("null");
      finish();
      return false;
    }
    expect('[');
    open = true;
    return true;
  }

  /** Moves to the next element; false at the end of the text. INCORRECT when it is not JSON. */
  boolean next() {
    if (!open) {
      return false;
    }
    skipSpace();
    if (at < end && text[at] == ']') {
      at++;
      finish();
      return false;
    }
    if (!first) {
      // After the comma an element must come.
      expect(',');
      skipSpace();
    }
    first = false;
    elementStart = at;
    skipValue(0);
    elementEnd = at;
    return true;
  }

  private void finish() {
    open = false;
    skipSpace();
    if (at < end) {
      throw bad("the end");
    }
  }

  private void skipSpace() {
    while (at < end
        && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
      at++;
    }
  }

  private void expect(char c) {
    if (at >= end || text[at] != c) {
      throw bad("'" + c + "'");
    }
    at++;
  }

  private void skipValue(int depth) {
    if (depth > MOST_DEPTH) {
      throw bad("at most " + MOST_DEPTH + " levels");
    }
    if (at >= end) {
      throw bad("a value");
    }
    switch (text[at]) {
      case '{' -> skipMembers('}', depth);
      case '[' -> skipMembers(']', depth);
      case '"' -> skipString();
      case 't' -> skipWord("true");
      case 'f' -> skipWord("false");
      case 'n' -> skipWord("null");
      default -> skipNumber();
    }
  }

  private void skipWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= end || text[at + i] != word.charAt(i)) {
        throw bad("a value");
      }
    }
    at += word.length();
  }

  private void skipMembers(char close, int depth) {
    at++;
    skipSpace();
    if (at < end && text[at] == close) {
      at++;
      return;
    }
    while (true) {
      if (close == '}') {
        if (at >= end || text[at] != '"') {
          throw bad("a name");
        }
        skipString();
        skipSpace();
        expect(':');
        skipSpace();
      }
      skipValue(depth + 1);
      skipSpace();
      if (at < end && text[at] == close) {
        at++;
        return;
      }
      expect(',');
      skipSpace();
    }
  }

  private void skipString() {
    at++;
    while (at < end) {
      byte b = text[at];
      if (b == '"') {
        at++;
        return;
      } else if (b >= 0 && b < ' ') {
        throw bad("no control character in a string");
      } else if (b == '\\') {
        skipEscape();
      } else {
        at++;
      }
    }
    throw bad("'\"'");
  }

  private void skipEscape() {
    int c = at + 1 < end ? text[at + 1] : -1;
    if (c == 'u') {
      for (int k = at + 2; k < at + 6; k++) {
        if (k >= end || Character.digit(text[k], 16) < 0) {
          throw bad("four hex digits after \\u");
        }
      }
      at += 6;
    } else if (c >= 0 && "\"\\/bfnrt".indexOf(c) >= 0) {
      at += 2;
    } else {
      throw bad("an escape such as \\n");
    }
  }

  private void skipNumber() {
    if (text[at] == '-') {
      at++;
    }
    int digits = at;
    skipDigits();
    if (text[digits] == '0' && at > digits + 1) {
      at = digits + 1;
      throw bad("no digit after a leading 0");
    }
    if (at < end && text[at] == '.') {
      at++;
      skipDigits();
    }
    if (at < end && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < end && (text[at] == '+' || text[at] == '-')) {
        at++;
      }
      skipDigits();
    }
  }

  private void skipDigits() {
    int from = at;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    if (at == from) {
      throw bad("a value");
    }
  }

  private PenstockException bad(String expected) {
    String shown = new String(text, start, end - start, StandardCharsets.UTF_8);
    if (shown.length() > SHOWN) {
      shown = shown.substring(0, shown.offsetByCodePoints(0, SHOWN / 2)) + "...";
    }
    return PenstockException.incorrect(
        "bad-json",
        "unnest+ takes JSON array text, got '"
            + shown
            + "': expected "
            + expected
            + " at byte "
            + (at - start + 1));
  }
}
