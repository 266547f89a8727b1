package dev.penstock.cli;

import dev.penstock.batch.Schema;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import org.jline.utils.WCWidth;
import org.jspecify.annotations.Nullable;

/** Draws tables: widths by display columns, numbers to the right, long cells shortened. */
final class TableText {
  private static final int LEAST_CELL = 4;

  private TableText() {}

  /**
   * The text of a host value on one line, cut where no table of so many columns could show more.
   */
  static String cell(@Nullable Object value, int columns) {
    if (value == null) {
      return "NULL";
    }
    String text =
        value instanceof byte[] b
            ? HexFormat.of().formatHex(b, 0, Math.min(b.length, columns + 1))
            : value instanceof BigDecimal d ? d.toPlainString() : value.toString();
    if (text.codePointCount(0, text.length()) > columns + 1) {
      text = text.substring(0, text.offsetByCodePoints(0, columns + 1));
    }
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        if (out == null) {
          out = new StringBuilder(text);
        }
        out.setCharAt(i, c == '\n' ? '⏎' : c == '\t' ? ' ' : '·');
      }
    }
    return out == null ? text : out.toString();
  }

  static int displayWidth(String text) {
    int n = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      n += Math.max(0, WCWidth.wcwidth(c));
      i += Character.charCount(c);
    }
    return n;
  }

  /** A table no wider than {@code width}, if that is possible at all. */
  static String table(Schema schema, List<String[]> rows, int width) {
    int n = schema.size();
    int[] widths = new int[n];
    boolean[] right = new boolean[n];
    for (int c = 0; c < n; c++) {
      widths[c] = displayWidth(cell(schema.field(c).name(), width));
      right[c] = schema.type(c).isNumeric();
      for (String[] row : rows) {
        widths[c] = Math.max(widths[c], displayWidth(row[c]));
      }
    }
    shrink(widths, width);
    StringBuilder out = new StringBuilder();
    String[] names = new String[n];
    for (int c = 0; c < n; c++) {
      names[c] = cell(schema.field(c).name(), width);
    }
    line(out, names, widths, right);
    for (int c = 0; c < n; c++) {
      out.append(c == 0 ? "" : "-+-").append("-".repeat(widths[c]));
    }
    out.append('\n');
    for (String[] row : rows) {
      line(out, row, widths, right);
    }
    return out.toString();
  }

  /** Takes from the widest columns until the table fits. */
  private static void shrink(int[] widths, int width) {
    int total = 3 * Math.max(0, widths.length - 1);
    for (int w : widths) {
      total += w;
    }
    while (total > width) {
      int widest = 0;
      for (int c = 1; c < widths.length; c++) {
        if (widths[c] > widths[widest]) {
          widest = c;
        }
      }
      if (widths[widest] <= LEAST_CELL) {
        return;
      }
      widths[widest]--;
      total--;
    }
  }

  private static void line(StringBuilder out, String[] cells, int[] widths, boolean[] right) {
    for (int c = 0; c < cells.length; c++) {
      String text = fitted(cells[c], widths[c]);
      String pad = " ".repeat(Math.max(0, widths[c] - displayWidth(text)));
      out.append(c == 0 ? "" : " | ");
      if (right[c]) {
        out.append(pad).append(text);
      } else {
        out.append(text).append(c == cells.length - 1 ? "" : pad);
      }
    }
    out.append('\n');
  }

  /** A text of at most so many columns; what was left out is an ellipsis. */
  private static String fitted(String text, int width) {
    if (displayWidth(text) <= width) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int w = Math.max(0, WCWidth.wcwidth(c));
      if (used + w > width - 1) {
        break;
      }
      out.appendCodePoint(c);
      used += w;
      i += Character.charCount(c);
    }
    return out.append('…').toString();
  }
}
