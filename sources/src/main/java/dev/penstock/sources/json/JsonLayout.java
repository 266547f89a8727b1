package dev.penstock.sources.json;

import dev.penstock.monitor.PenstockException;
import dev.penstock.sources.text.TextFile;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How the objects of a file follow each other. */
enum JsonLayout {
  /** One object a line. */
  LINES,
  /** Objects in a row, over any lines. */
  OBJECTS,
  /** One array of objects. */
  ARRAY;

  /** Where the first object may begin, and the layout. */
  record Begin(int from, JsonLayout layout) {}

  /** Looks at the begin of a file; null when more bytes are needed. */
  static @Nullable Begin of(TextFile file, byte[] b, int from, int to, boolean whole) {
    int p = from;
    while (p < to && (b[p] == ' ' || b[p] == '\t' || b[p] == '\n' || b[p] == '\r')) {
      p++;
    }
    if (p == to) {
      return whole ? new Begin(to, LINES) : null;
    }
    if (b[p] == '[') {
      return new Begin(p + 1, ARRAY);
    }
    if (b[p] != '{') {
      int end = p;
      while (end < to && end < p + 20 && b[end] != '\n' && b[end] != '\r') {
        end++;
      }
      throw PenstockException.incorrect(
          "not-json",
          file.name()
              + ": expected JSON objects or an array of them, got '"
              + new String(b, p, end - p, StandardCharsets.UTF_8)
              + "...'");
    }
    int line = p;
    while (line < to && b[line] != '\n') {
      line++;
    }
    if (line == to && !whole) {
      return null;
    }
    JsonSplitter first = new JsonSplitter(OBJECTS);
    first.reset(p);
    boolean closed = first.advance(b, line) > p;
    return new Begin(p, closed ? LINES : OBJECTS);
  }
}
