package dev.penstock.sources.text;

import java.util.Collection;
import java.util.Locale;

/** The known name that is most like a wrong one, for error messages. */
public final class Nearest {
  private Nearest() {}

  /** {@code "; did you mean 'x'?"} or, when nothing is near, the empty string. */
  public static String hint(String wrong, Collection<String> known) {
    String best = null;
    int bestDistance = Math.max(2, wrong.length() / 3) + 1;
    for (String k : known) {
      int d = distance(wrong.toLowerCase(Locale.ROOT), k.toLowerCase(Locale.ROOT));
      if (d < bestDistance) {
        bestDistance = d;
        best = k;
      }
    }
    return best == null ? "" : "; did you mean '" + best + "'?";
  }

  /** Edits (insert, delete, replace, swap of neighbours) between two texts. */
  static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    int[] next = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      next[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int d = Math.min(row[j - 1] + same, Math.min(row[j], next[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d = Math.min(d, before[j - 2] + 1);
        }
        next[j] = d;
      }
      int[] free = before;
      before = row;
      row = next;
      next = free;
    }
    return row[b.length()];
  }
}
