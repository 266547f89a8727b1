package dev.penstock.sources.csv;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The CSV rules of {@link CsvTokenizer} once more, character by character, without any speed: the
 * oracle of the fuzz tests.
 */
final class ReferenceCsv {
  private final String text;
  private final char delimiter;
  private final char quote;
  private int p;

  ReferenceCsv(String text, char delimiter, char quote) {
    this.text = text;
    this.delimiter = delimiter;
    this.quote = quote;
  }

  /**
   * Records of at least two fields; a field is null when it is empty and not quoted; a malformed
   * record is null.
   */
  List<@Nullable List<@Nullable String>> records() {
    List<@Nullable List<@Nullable String>> out = new ArrayList<>();
    while (p < text.length()) {
      if (newline()) {
        continue;
      }
      out.add(record());
    }
    return out;
  }

  private boolean newline() {
    if (text.startsWith("\r\n", p)) {
      p += 2;
    } else if (text.charAt(p) == '\n' || text.charAt(p) == '\r') {
      p++;
    } else {
      return false;
    }
    return true;
  }

  private @Nullable List<@Nullable String> record() {
    List<@Nullable String> fields = new ArrayList<>();
    boolean good = true;
    for (; ; ) {
      StringBuilder f = new StringBuilder();
      boolean quoted = p < text.length() && text.charAt(p) == quote;
      if (quoted) {
        boolean closed = false;
        for (p++; p < text.length(); p++) {
          if (text.charAt(p) != quote) {
            f.append(text.charAt(p));
          } else if (p + 1 < text.length() && text.charAt(p + 1) == quote) {
            f.append(quote);
            p++;
          } else {
            closed = true;
            p++;
            break;
          }
        }
        good &= closed;
        while (p < text.length() && !ends()) {
          good = false;
          p++;
        }
      } else {
        while (p < text.length() && !ends()) {
          f.append(text.charAt(p++));
        }
      }
      fields.add(f.isEmpty() && !quoted ? null : f.toString());
      if (p < text.length() && text.charAt(p) == delimiter) {
        p++;
        continue;
      }
      if (p < text.length()) {
        newline();
      }
      return good ? fields : null;
    }
  }

  private boolean ends() {
    char c = text.charAt(p);
    return c == delimiter || c == '\n' || c == '\r';
  }
}
