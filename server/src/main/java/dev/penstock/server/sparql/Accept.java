package dev.penstock.server.sparql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A header like Accept: how much a client would like a media type, or an encoding. */
final class Accept {
  private static final int MOST_RANGES = 64;

  /**
   * @param precision of {@code a/b} 2, of {@code a/*} 1, of {@code *}{@code /*} 0
   */
  private record Range(String name, int precision, double wish) {
    boolean holds(String type) {
      return switch (precision) {
        case 0 -> true;
        case 1 -> type.startsWith(name);
        default -> type.equals(name);
      };
    }
  }

  private final List<Range> ranges = new ArrayList<>();

  /**
   * @param header null or blank: everything is as welcome
   */
  Accept(@Nullable String header) {
    if (header == null || header.isBlank()) {
      ranges.add(new Range("*", 0, 1));
      return;
    }
    for (String part : header.split(",", MOST_RANGES)) {
      String[] words = part.strip().split(";", 8);
      String name = words[0].strip().toLowerCase(Locale.ROOT);
      boolean any = name.equals("*/*") || name.equals("*");
      boolean some = name.endsWith("/*");
      ranges.add(
          new Range(
              some ? name.substring(0, name.length() - 1) : name,
              any ? 0 : some ? 1 : 2,
              wish(words)));
    }
  }

  private static double wish(String[] words) {
    for (int i = 1; i < words.length; i++) {
      String word = words[i].strip();
      if (word.startsWith("q=") || word.startsWith("Q=")) {
        try {
          return Double.parseDouble(word.substring(2).strip());
        } catch (NumberFormatException e) {
          return 0; // no wish that could be met
        }
      }
    }
    return 1;
  }

  /** From 0 (not at all) to 1: what the most precise range says that holds the type. */
  double wish(String type) {
    double wish = 0;
    int precision = -1;
    for (Range r : ranges) {
      if (r.precision > precision && r.holds(type)) {
        precision = r.precision;
        wish = r.wish;
      }
    }
    return wish;
  }
}
