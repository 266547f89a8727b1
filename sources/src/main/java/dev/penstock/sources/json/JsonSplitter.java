package dev.penstock.sources.json;

import dev.penstock.sources.text.ByteScan;
import dev.penstock.sources.text.Splitter;
import org.jspecify.annotations.Nullable;

/**
 * Finds ends of objects.
 *
 * <p>Lines: an object ends at a line end (JSON has no raw line end inside a string). Otherwise
 * braces and brackets are counted, outside strings; of an array of objects the commas between them
 * and the closing bracket become blanks, so that what is left is objects in a row.
 */
final class JsonSplitter implements Splitter {
  private final JsonLayout layout;
  private int at;
  private int depth;
  private boolean inString;
  private boolean open;
  private int lastEnd;

  JsonSplitter(JsonLayout layout) {
    this.layout = layout;
    this.open = layout == JsonLayout.ARRAY;
  }

  @Override
  public void reset(int from) {
    at = from;
    lastEnd = from;
    depth = 0;
    inString = false;
  }

  @Override
  public int advance(byte[] b, int to) {
    if (layout == JsonLayout.LINES) {
      int last = ByteScan.findLast(b, at, to, (byte) '\n');
      lastEnd = last < 0 ? lastEnd : last + 1;
      at = to;
      return lastEnd;
    }
    int p = at;
    while (p < to) {
      if (inString) {
        while (p < to && b[p] != '"' && b[p] != '\\') {
          p++;
        }
        if (p == to) {
          break;
        }
        if (b[p] == '\\') {
          if (p + 1 == to) {
            break;
          }
          p += 2;
        } else {
          inString = false;
          p++;
        }
        continue;
      }
      switch (b[p]) {
        case '"' -> inString = true;
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (depth > 0) {
            depth--;
            lastEnd = depth == 0 ? p + 1 : lastEnd;
          } else if (open && b[p] == ']') {
            open = false;
            b[p] = ' ';
          }
        }
        case ',' -> {
          if (depth == 0 && open) {
            b[p] = ' ';
          }
        }
        default -> {
          // a byte between or inside values
        }
      }
      p++;
    }
    at = p;
    return lastEnd;
  }

  @Override
  public @Nullable String missingAtEnd() {
    return open ? "']'" : null;
  }
}
