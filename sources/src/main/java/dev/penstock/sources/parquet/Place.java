package dev.penstock.sources.parquet;

import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.PenstockException.Category;
import org.jspecify.annotations.Nullable;

/**
 * Where in a file something lies, for messages.
 *
 * @param rowGroup counted from 0
 * @param start offset in the file at which the column chunk begins
 */
record Place(String file, String column, int rowGroup, long start) {

  /** What the file says cannot be; offset is relative to the column chunk. */
  PenstockException corrupt(String what, long offset, @Nullable Throwable cause) {
    return new PenstockException(
        Category.INCORRECT,
        "corrupt-parquet",
        oneLine(where(offset) + ": " + what) + "; the file is damaged, write it again",
        cause);
  }

  PenstockException corrupt(String what, long offset) {
    return corrupt(what, offset, null);
  }

  PenstockException unsupported(String what, long offset) {
    return PenstockException.unsupported("parquet-feature", oneLine(where(offset) + ": " + what));
  }

  private String where(long offset) {
    return file + ": column " + column + ", row group " + rowGroup + ", offset " + (start + offset);
  }

  /** Names in a damaged file may have any characters: those that are none to print as escapes. */
  static String oneLine(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : c);
    }
    return out.toString();
  }
}
