package dev.penstock.sources.csv;

import dev.penstock.sources.text.ByteScan;
import dev.penstock.sources.text.TextBlock;

/**
 * Finds the fields of the records of a block: for each wanted field two columns of positions, start
 * and end.
 *
 * <pre>
 * starts[slot][row]   QUOTED | ESCAPED | position after the opening quote, or of the first byte
 * ends[slot][row]     position of the closing quote, or after the last byte
 * </pre>
 *
 * <p>Line ends are LF, CRLF and CR. Empty lines are no records, except in a file of one column,
 * where each is a null. A record with another number of fields, with bytes behind a closing quote,
 * or with malformed UTF-8 goes to {@link Bad} and is left out.
 */
final class CsvTokenizer {
  static final int QUOTED = 1 << 31;
  static final int ESCAPED = 1 << 30;
  static final int OFFSET = ESCAPED - 1;

  /** Takes the records that are not well-formed. May throw. */
  interface Bad {
    void record(int start, int end, String expected);
  }

  final int[][] starts;
  final int[][] ends;
  final int[] rowStarts;
  private final boolean[] stops = new boolean[256];
  private final byte delimiter;
  private final int quote;
  private final int escape;
  private final int comment;
  private final Bad bad;
  private byte[] b = {};
  private int p;
  private int end;
  private int[] slotOfField = {};
  private boolean checkUtf8;

  CsvTokenizer(Dialect d, int slots, int maxRows, Bad bad) {
    this.starts = new int[slots][maxRows];
    this.ends = new int[slots][maxRows];
    this.rowStarts = new int[maxRows];
    this.delimiter = (byte) d.delimiter();
    // 256 is no byte
    this.quote = d.quote() < 0 ? 256 : d.quote();
    this.escape = d.quote() < 0 ? 256 : d.escape();
    this.comment = d.comment() < 0 ? 256 : d.comment();
    this.bad = bad;
    stops['\n'] = true;
    stops['\r'] = true;
    stops[delimiter & 255] = true;
  }

  /** Bytes of the position arrays. */
  static long scratchBytes(int slots, int maxRows) {
    return 4L * maxRows * (2L * slots + 1);
  }

  /**
   * Begins a block.
   *
   * @param slots for each field of a record its slot, or -1
   */
  void begin(TextBlock block, int[] slots) {
    b = block.bytes();
    p = block.from();
    end = block.end();
    slotOfField = slots;
    checkUtf8 = !ByteScan.isAscii(b, p, end) && !ByteScan.isUtf8(b, p, end);
  }

  /** The next records, as many as the arrays hold; 0 at the end of the block. */
  int next() {
    int max = rowStarts.length;
    int rows = 0;
    while (rows < max && p < end) {
      if (b[p] == comment) {
        skipLine();
        continue;
      }
      if ((b[p] == '\n' || b[p] == '\r') && slotOfField.length > 1) {
        p++;
        continue;
      }
      int start = p;
      rowStarts[rows] = start;
      if (record(rows, start)) {
        rows++;
      }
    }
    return rows;
  }

  private void skipLine() {
    while (b[p] != '\n' && b[p] != '\r') {
      p++;
    }
    p += b[p] == '\r' && b[p + 1] == '\n' ? 2 : 1;
  }

  private boolean record(int row, int rowStart) {
    byte[] in = b;
    boolean[] stop = stops;
    int[] slots = slotOfField;
    int q = quote;
    byte delim = delimiter;
    int at = p;
    int field = 0;
    String fault = null;
    for (; ; ) {
      int s;
      int e;
      if (in[at] == q) {
        p = at + 1;
        int marks = quoted();
        s = (at + 1) | marks;
        e = p;
        at = Math.min(p + 1, end);
        if (p >= end) {
          fault = "a closing quote before the end of the file";
        } else if (!stop[in[at] & 255]) {
          fault = "a delimiter or a line end behind a closing quote";
          while (!stop[in[at] & 255]) {
            at++;
          }
        }
      } else {
        s = at;
        while (!stop[in[at] & 255]) {
          at++;
        }
        e = at;
      }
      if (field < slots.length) {
        int slot = slots[field];
        if (slot >= 0) {
          starts[slot][row] = s;
          ends[slot][row] = e;
        }
      }
      field++;
      byte c = in[at++];
      if (c == delim) {
        continue;
      }
      int recordEnd = at - 1;
      if (c == '\r' && in[at] == '\n' && at < end) {
        at++;
      }
      p = at;
      if (fault != null) {
        bad.record(rowStart, recordEnd, fault);
        return false;
      }
      if (field != slots.length) {
        bad.record(rowStart, recordEnd, slots.length + " fields, got " + field);
        return false;
      }
      if (checkUtf8 && !ByteScan.isUtf8(in, rowStart, recordEnd)) {
        bad.record(rowStart, recordEnd, "UTF-8 text");
        return false;
      }
      return true;
    }
  }

  /** From behind an opening quote to the closing one (or to {@code end}); gives the marks. */
  private int quoted() {
    byte[] in = b;
    int at = p;
    int marks = QUOTED;
    while (at < end) {
      byte c = in[at];
      if (c != quote && c != escape) {
        at++;
      } else if (escape != quote && c == escape) {
        marks |= ESCAPED;
        at += 2;
      } else if (escape == quote && in[at + 1] == quote && at + 1 < end) {
        marks |= ESCAPED;
        at += 2;
      } else {
        break;
      }
    }
    p = Math.min(at, end);
    return marks;
  }
}
