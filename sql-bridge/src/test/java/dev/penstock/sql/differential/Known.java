package dev.penstock.sql.differential;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refusals that docs/sql-deviations.md has under "Not there yet", and that come as errors of the
 * query: the runner counts them apart and goes on. Wrong rows are never known.
 */
final class Known {
  private record Entry(String reason, Pattern what) {}

  private static final List<Entry> ENTRIES =
      List.of(
          entry("column of USING by its name", "is in more than one table; write it as"),
          entry("a condition as a key", "Expression '.*' is not being grouped"),
          entry("window in a sub-query of HAVING", "Window expressions are not permitted"),
          entry("ordered aggregate outside of the select list", "must not contain a WITHIN GROUP"),
          entry("DISTINCT over a window", "is not in the select clause"),
          entry("list in a window", "subQuery"),
          entry("literal as a key", "Ordinal out of range"));

  private Known() {}

  private static Entry entry(String reason, String what) {
    return new Entry(reason, Pattern.compile(what));
  }

  /** Why a difference is known; null if it is new. */
  static @Nullable String reason(String difference) {
    if (!difference.startsWith("we fail: ")) {
      return null;
    }
    for (Entry e : ENTRIES) {
      if (e.what.matcher(difference).find()) {
        return "not there yet: " + e.reason;
      }
    }
    return null;
  }
}
