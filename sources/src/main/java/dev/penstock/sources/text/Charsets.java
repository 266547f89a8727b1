package dev.penstock.sources.text;

import dev.penstock.monitor.PenstockException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The option {@code :encoding}. */
public final class Charsets {
  private Charsets() {}

  /** The encoding of that name; UTF-8 for null. */
  public static Charset of(String where, @Nullable String name) {
    if (name == null) {
      return StandardCharsets.UTF_8;
    }
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new PenstockException(
          PenstockException.Category.INCORRECT,
          "bad-option",
          where
              + ": option :encoding: expected the name of an encoding such as \"utf-8\" or \"iso-8859-1\","
              + " got \""
              + name
              + "\"",
          e);
    }
  }
}
