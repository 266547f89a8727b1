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

  /** The choices of the option {@code :compression}. */
  public static final List<String> CHOICES = List.of("auto", "none", "gzip", "zstd");

  /** By one of the choices; auto means by the ending of the name. */
  public static Compression of(String choice, String name) {
    return switch (choice) {
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
