package dev.penstock.sql.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The known name that a wrong one was meant to be. */
public final class Nearest {
  private Nearest() {}

  /** {@code "; did you mean NAME?"}, or empty. */
  public static String hint(String wrong, Collection<String> known) {
    String near = of(wrong, known);
    return near == null ? "" : "; did you mean " + near + "?";
  }

  /** The nearest of the known names, or null if none is near. */
  public static @Nullable String of(String wrong, Collection<String> known) {
    String w = wrong.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(
            k ->
                distance(w, k.toLowerCase(Locale.ROOT)) <= Math.max(1, w.length() / 3)
                    // people, where there is people.csv
                    || k.toLowerCase(Locale.ROOT).startsWith(w + "."))
        .min(
            Comparator.comparingInt((String k) -> distance(w, k.toLowerCase(Locale.ROOT)))
                .thenComparing(k -> k))
        .orElse(null);
  }

  /** Edits between two names; a prefix such as {@code l_} counts for little. */
  private static int distance(String a, String b) {
    int whole = edits(a, b);
    int cut = b.indexOf('_');
    return cut < 0 || cut > 3 ? whole : Math.min(whole, edits(a, b.substring(cut + 1)) + 1);
  }

  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int up = row[j];
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + same);
        diagonal = up;
      }
    }
    return row[b.length()];
  }
}
