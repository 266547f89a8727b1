package dev.penstock.sql.text;

import dev.penstock.monitor.PenstockException;

/**
 * Offsets of a text as line and column, both from 1.
 *
 * @param source a file's name, or empty: a text from a prompt
 */
public record Places(String text, String source) {
  public int line(int offset) {
    int line = 1;
    for (int i = 0; i < Math.min(offset, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }

  public int column(int offset) {
    int start = text.lastIndexOf('\n', Math.min(offset, text.length()) - 1);
    return text.codePointCount(start + 1, Math.min(Math.max(offset, start + 1), text.length())) + 1;
  }

  /** The offset of a line and a column. */
  public int offset(int line, int column) {
    int at = 0;
    for (int i = 1; i < line; i++) {
      int next = text.indexOf('\n', at);
      if (next < 0) {
        break;
      }
      at = next + 1;
    }
    return Math.min(at + column - 1, text.length());
  }

  /** {@code file:line:column: message}, or {@code line l, column c: message}. */
  public String at(int offset, String message) {
    return source.isEmpty()
        ? "line " + line(offset) + ", column " + column(offset) + ": " + message
        : source + ":" + line(offset) + ":" + column(offset) + ": " + message;
  }

  public PenstockException problem(int offset, String message) {
    return PenstockException.incorrect("sql-syntax", at(offset, message));
  }
}
