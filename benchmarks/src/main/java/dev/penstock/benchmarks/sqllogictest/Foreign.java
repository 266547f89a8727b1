package dev.penstock.benchmarks.sqllogictest;

import dev.penstock.sql.Settings;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What scripts say to their own engine, and what has no meaning here. */
final class Foreign {
  /** What {@code require} may ask for without us being it. */
  private static final Set<String> HARMLESS =
      Set.of(
          "vector_size",
          "exact_vector_size",
          "block_size",
          "skip_reload",
          "noforcestorage",
          "noalternativeverify",
          "no_alternative_verify",
          "no_vector_verification",
          "no_block_verification",
          "no_latest_storage",
          "no_extension_autoloading",
          "noforcetags",
          "nothreadsan",
          "allow_unsigned_extensions",
          "core_functions",
          "parquet",
          "json",
          "icu",
          "64bit",
          "longdouble",
          "ram",
          "disk_space",
          "strinline",
          "notmingw",
          "notwindows",
          "notmusl");

  private static final Pattern SETTING =
      Pattern.compile(
          "(?is)\\s*(?:PRAGMA|(?:SET|RESET)(?:\\s+(?:GLOBAL|SESSION|LOCAL))?)\\s+\"?(\\w+)\"?"
              + "\\s*(?:(?:[=(]|TO\\b).*)?;?\\s*");
  private static final Pattern EXTENSION =
      Pattern.compile("(?is)\\s*(?:FORCE\\s+)?(?:LOAD|INSTALL)\\s.*|\\s*FORCE\\s+CHECKPOINT\\b.*");

  /** These change what names mean: without them the statements behind them mean something else. */
  private static final Set<String> MEANINGFUL =
      Set.of("schema", "search_path", "variable", "table_info", "show_tables", "show");

  /** Ours by name, and another thing there: the memory of a whole database. */
  private static final String MEMORY = "memory_limit";

  private Foreign() {}

  static boolean isHarmless(String required) {
    return HARMLESS.contains(required.toLowerCase(Locale.ROOT));
  }

  /** Is it a statement that only sets what the other engine has? */
  static boolean isSetting(String sql) {
    Matcher m = SETTING.matcher(sql);
    if (!m.matches()) {
      return EXTENSION.matcher(sql).matches();
    }
    String name = m.group(1).toLowerCase(Locale.ROOT);
    return !MEANINGFUL.contains(name)
        && (name.equals(MEMORY) || Settings.NAMES.stream().noneMatch(name::equalsIgnoreCase))
        && (sql.indexOf(';') < 0 || sql.strip().indexOf(';') == sql.strip().length() - 1);
  }
}
