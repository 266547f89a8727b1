package dev.penstock.benchmarks.sqllogictest;

import java.util.Locale;
import java.util.regex.Pattern;

/** Whose sqllogictest it is: how values are written, and for whom {@code skipif} is meant. */
public enum Dialect {
  SQLITE,
  DUCKDB;

  private static final Pattern DUCKDB_SIGN =
      Pattern.compile(
          "(?m)^(require|require-env|test-env|loop|foreach|concurrentloop|mode|load|tags)\\b"
              + "|^# (name|group|description):|^PRAGMA |^[^\\t\\n]+\\t[^\\n]*$");

  private static final Pattern SQLITE_SIGN =
      Pattern.compile(
          "(?m)^\\d+ values hashing to |^hash-threshold |^(skipif|onlyif) (mysql|mssql|sqlite)");

  /** The dialect of a file, by what only one of them writes; DuckDB's if nothing tells. */
  public static Dialect of(String text) {
    if (DUCKDB_SIGN.matcher(text).find()) {
      return DUCKDB;
    }
    return SQLITE_SIGN.matcher(text).find() ? SQLITE : DUCKDB;
  }

  /** Is this who {@code skipif} and {@code onlyif} name? */
  boolean isNamed(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("penstock") || lower.equals(name().toLowerCase(Locale.ROOT));
  }
}
