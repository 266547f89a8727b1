package dev.penstock.sources.csv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records of a sample, with any number of fields each. By the same rules as {@link
 * CsvTokenizer}, but for bytes that may stop anywhere.
 *
 * @param rows each {@code start0, end0, start1, end1, ...}; a start carries the marks of {@link
 *     CsvTokenizer}
 * @param end the position after the last of the records
 * @param clean no field had bytes behind its closing quote
 */
record SampleRows(List<int[]> rows, int end, boolean clean) {

  /**
   * Up to {@code max} records; one that may go on behind {@code to} is left out unless the range is
   * whole.
   */
  static SampleRows read(byte[] b, int from, int to, boolean whole, Dialect d, int max) {
    Reader r = new Reader(b, from, to, d);
    List<int[]> rows = new ArrayList<>();
    int end = from;
    while (rows.size() < max && r.p < to) {
      boolean record = r.record();
      if (!r.ended && !whole) {
        break;
      }
      if (record) {
        rows.add(r.fields());
      }
      end = Math.min(r.p, to);
    }
    return new SampleRows(rows, end, r.clean);
  }

  /** The position after so many lines. */
  static int afterLines(byte[] b, int from, int to, int lines) {
    int p = from;
    for (int n = 0; n < lines && p < to; n++) {
      while (p < to && b[p] != '\n' && b[p] != '\r') {
        p++;
      }
      if (p < to && b[p] == '\r' && p + 1 < to && b[p + 1] == '\n') {
        p++;
      }
      p++;
    }
    return Math.min(p, to);
  }

  private static final class Reader {
    private final byte[] b;
    private final int to;
    private final Dialect d;
    private int p;
    private int[] out = new int[32];
    private int used;
    private boolean ended;
    private boolean clean = true;

    Reader(byte[] b, int from, int to, Dialect d) {
      this.b = b;
      this.p = from;
      this.to = to;
      this.d = d;
    }

    int[] fields() {
      return Arrays.copyOf(out, used);
    }

    private boolean atLineEnd() {
      return p >= to || b[p] == '\n' || b[p] == '\r';
    }

    /** Over a line end; {@code ended} says whether one was there for sure. */
    private void lineEnd() {
      if (p >= to) {
        ended = false;
        return;
      }
      ended = b[p] == '\n' || p + 1 < to;
      p += b[p] == '\r' && p + 1 < to && b[p + 1] == '\n' ? 2 : 1;
    }

    /** Reads a record; false for an empty line or a comment. */
    boolean record() {
      used = 0;
      boolean comment = d.comment() >= 0 && b[p] == d.comment();
      if (comment || atLineEnd()) {
        while (!atLineEnd()) {
          p++;
        }
        lineEnd();
        return false;
      }
      for (; ; ) {
        field();
        if (p < to && b[p] == d.delimiter()) {
          p++;
          continue;
        }
        lineEnd();
        return true;
      }
    }

    private void field() {
      int start = p;
      int end;
      if (p < to && d.quote() >= 0 && b[p] == d.quote()) {
        p++;
        start = p | CsvTokenizer.QUOTED;
        end = -1;
        while (p < to && end < 0) {
          if (b[p] == d.quote() && d.escape() == d.quote() && p + 1 < to && b[p + 1] == d.quote()) {
            start |= CsvTokenizer.ESCAPED;
            p += 2;
          } else if (b[p] == d.escape() && d.escape() != d.quote()) {
            start |= CsvTokenizer.ESCAPED;
            p += 2;
          } else if (b[p] == d.quote()) {
            end = p++;
          } else {
            p++;
          }
        }
        p = Math.min(p, to);
        end = end < 0 ? to : end;
        clean &= atLineEnd() || b[p] == d.delimiter();
      } else {
        end = -1;
      }
      while (!atLineEnd() && b[p] != d.delimiter()) {
        p++;
      }
      if (used + 2 > out.length) {
        out = Arrays.copyOf(out, out.length * 2);
      }
      out[used++] = start;
      out[used++] = end < 0 ? p : end;
    }
  }
}
