package dev.penstock.server.result;

import dev.penstock.server.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How rows are written. */
public enum ResultFormat {
  JSON("application/json"),
  NDJSON("application/x-ndjson"),
  CSV("text/csv"),
  ARROW("application/vnd.apache.arrow.stream"),
  PARQUET("application/vnd.apache.parquet");

  private final String type;

  ResultFormat(String type) {
    this.type = type;
  }

  /** The media type. */
  public String type() {
    return type;
  }

  /** The value of the header Content-Type. */
  String header() {
    return this == CSV ? type + "; charset=utf-8; header=present" : type;
  }

  /**
   * The format that a client asks for; JSON when it has no wish.
   *
   * @param asked the parameter {@code format}, before all
   * @param accept the header Accept
   */
  public static ResultFormat of(@Nullable String asked, @Nullable String accept) {
    if (asked != null) {
      for (ResultFormat f : values()) {
        if (f.name().equalsIgnoreCase(asked)) {
          return f;
        }
      }
      throw Refusal.of(
          400, "unknown-format", "format: expected one of " + names() + ", got '" + asked + "'");
    }
    if (accept == null || accept.isBlank()) {
      return JSON;
    }
    ResultFormat best = null;
    double most = 0;
    for (String part : accept.split(",", 32)) {
      String[] words = part.strip().split(";", 8);
      double wish = wish(words);
      ResultFormat f = ofRange(words[0].strip().toLowerCase(Locale.ROOT));
      if (f != null && wish > most) {
        best = f;
        most = wish;
      }
    }
    if (best == null) {
      throw Refusal.of(
          406,
          "not-acceptable",
          "Accept: expected one of " + types() + " or */*, got '" + accept + "'");
    }
    return best;
  }

  private static @Nullable ResultFormat ofRange(String range) {
    return switch (range) {
      case "*/*", "application/*" -> JSON;
      case "text/*" -> CSV;
      case "application/ndjson", "application/jsonl" -> NDJSON;
      default -> {
        for (ResultFormat f : values()) {
          if (f.type.equals(range)) {
            yield f;
          }
        }
        yield null;
      }
    };
  }

  private static double wish(String[] words) {
    for (int i = 1; i < words.length; i++) {
      String word = words[i].strip();
      if (word.startsWith("q=")) {
        try {
          return Double.parseDouble(word.substring(2));
        } catch (NumberFormatException e) {
          return 0; // no wish that could be met
        }
      }
    }
    return 1;
  }

  private static String names() {
    StringBuilder out = new StringBuilder();
    for (ResultFormat f : values()) {
      out.append(out.length() == 0 ? "" : ", ").append(f.name().toLowerCase(Locale.ROOT));
    }
    return out.toString();
  }

  private static String types() {
    StringBuilder out = new StringBuilder();
    for (ResultFormat f : values()) {
      out.append(out.length() == 0 ? "" : ", ").append(f.type);
    }
    return out.toString();
  }
}
