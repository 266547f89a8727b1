package dev.penstock.sql.differential;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Differences that are known: the runner counts them apart and goes on. */
final class Known {
  /**
   * @param isOpen a bug that is still there, rather than a deviation of docs/sql-deviations.md
   */
  private record Entry(boolean isOpen, String reason, Pattern what) {}

  private static final List<Entry> ENTRIES =
      List.of(
          open("column of USING by its name", "is in more than one table; write it as"),
          open("grouping of outer columns, of conditions", "Expression '.*' is not being grouped"),
          open("window in a sub-query of HAVING", "Window expressions are not permitted"),
          open("ordered aggregate outside of the select list", "must not contain a WITHIN GROUP"),
          open("DISTINCT over a window", "is not in the select clause"),
          open("list in a window", "subQuery"),
          open("literal as a key", "Ordinal out of range"));

  private Known() {}

  private static Entry open(String reason, String what) {
    return new Entry(true, reason, Pattern.compile(what));
  }

  /** Why a difference is known, and of which sort; null if it is new. */
  static @Nullable String reason(String difference) {
    for (Entry e : ENTRIES) {
      if (e.what.matcher(difference).find()) {
        return (e.isOpen ? "known, open: " : "meant: ") + e.reason;
      }
    }
    return null;
  }
}
