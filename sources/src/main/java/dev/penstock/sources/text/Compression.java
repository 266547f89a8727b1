package dev.penstock.sources.text;

import java.util.List;
import java.util.Locale;

/** How the bytes of a file are packed. */
public enum Compression {
  NONE(""),
  GZIP(".gz"),
  ZSTD(".zst");

  private final String ending;

  Compression(String ending) {
    this.ending = ending;
  }

  /** By the ending of a file name: .gz, .zst; else none. */
  public static Compression ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (Compression c : values()) {
      if (c != NONE && lower.endsWith(c.ending)) {
        return c;
      }
    }
    return NONE;
  }

  /** By the option :compression (none, gzip, zstd, auto), else by the ending. */
  public static Compression of(Options options, String name) {
    return switch (options.choice("compression", "auto", List.of("auto", "none", "gzip", "zstd"))) {
      case "none" -> NONE;
      case "gzip" -> GZIP;
      case "zstd" -> ZSTD;
      default -> ofName(name);
    };
  }

  /** The name without the ending of this compression. */
  public String strip(String name) {
    return this != NONE && name.toLowerCase(Locale.ROOT).endsWith(ending)
        ? name.substring(0, name.length() - ending.length())
        : name;
  }
}
