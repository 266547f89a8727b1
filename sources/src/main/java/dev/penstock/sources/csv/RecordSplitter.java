package dev.penstock.sources.csv;

import dev.penstock.sources.text.ByteScan;
import dev.penstock.sources.text.Splitter;

/**
 * Finds the last end of a record in a growing block that begins at a record. Knows quotes: a
 * newline inside a quoted field ends nothing. Most blocks have no quote at all, or long stretches
 * without; those are searched eight bytes at a time.
 *
 * <p>A quote opens a field only as its first byte; elsewhere it is text. A line that begins with
 * the comment character has no quotes.
 */
final class RecordSplitter implements Splitter {
  private final Dialect d;
  private int at;
  private int begin;
  private int stretch; // where the bytes outside quotes began that lead to at
  private boolean quoted;
  private int lastEnd;

  RecordSplitter(Dialect dialect) {
    this.d = dialect;
  }

  /** Begins a new block, with a record at this position. */
  @Override
  public void reset(int from) {
    begin = from;
    stretch = from;
    at = from;
    quoted = false;
    lastEnd = from;
  }

  @Override
  public int advance(byte[] b, int to) {
    if (d.quote() < 0) {
      lastEnd = Math.max(lastEnd, lastLineEnd(b, at, to, to));
      at = Math.max(at, to - 1);
      return lastEnd;
    }
    while (at < to) {
      if (quoted) {
        int p = endOfQuoted(b, at, to);
        if (p < 0) {
          return lastEnd;
        }
        at = p;
        stretch = p;
        quoted = false;
      } else {
        int q = nextOpening(b, at, to);
        lastEnd = Math.max(lastEnd, lastLineEnd(b, at, q, to));
        if (q == to) {
          // the last byte is looked at again: a CR is an end only when the next byte is known
          at = Math.max(at, to - 1);
          return lastEnd;
        }
        quoted = true;
        at = q + 1;
      }
    }
    return lastEnd;
  }

  /** The position after the closing quote; -1 and {@code at} set when it is not there yet. */
  private int endOfQuoted(byte[] b, int from, int to) {
    byte quote = (byte) d.quote();
    boolean doubled = d.escape() == d.quote();
    int p = from;
    while (p < to) {
      if (!doubled && b[p] == (byte) d.escape()) {
        if (p + 1 == to) {
          break;
        }
        p += 2;
      } else if (b[p] != quote) {
        p++;
      } else if (!doubled) {
        return p + 1;
      } else if (p + 1 == to) {
        break; // doubled or closing: the next byte says it
      } else if (b[p + 1] == quote) {
        p += 2;
      } else {
        return p + 1;
      }
    }
    at = p;
    return -1;
  }

  /** The next quote that opens a field, or {@code to}. */
  private int nextOpening(byte[] b, int from, int to) {
    byte quote = (byte) d.quote();
    for (int q = ByteScan.find(b, from, to, quote);
        q < to;
        q = ByteScan.find(b, q + 1, to, quote)) {
      if (q == begin) {
        return q;
      }
      byte before = b[q - 1];
      if ((before == d.delimiter() || before == '\n' || before == '\r') && !inComment(b, q)) {
        return q;
      }
    }
    return to;
  }

  private boolean inComment(byte[] b, int q) {
    if (d.comment() < 0) {
      return false;
    }
    int line = q;
    while (line > stretch && b[line - 1] != '\n' && b[line - 1] != '\r') {
      line--;
    }
    // what follows a quoted field on its line belongs to that record
    return (line > stretch || stretch == begin) && b[line] == d.comment();
  }

  /**
   * The position after the last line end before {@code to}; what lies from {@code to} until {@code
   * known} may be looked at.
   */
  private static int lastLineEnd(byte[] b, int from, int to, int known) {
    for (int i = to - 1; i >= from; i--) {
      if (b[i] == '\n' || (b[i] == '\r' && i + 1 < known && b[i + 1] != '\n')) {
        return i + 1;
      }
    }
    return -1;
  }
}
