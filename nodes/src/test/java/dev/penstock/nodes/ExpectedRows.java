package dev.penstock.nodes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows that every run of a harness must give, in their order or as a bag. */
final class ExpectedRows {
  private final List<List<@Nullable Object>> want = new ArrayList<>();
  private final boolean ordered;
  private final double tolerance;

  /** Of each row, how often it must come; made with the first comparison. */
  private final Map<List<@Nullable Object>, Count> bag = new HashMap<>();

  private int comparisons;

  ExpectedRows(
      List<? extends List<? extends @Nullable Object>> rows, boolean ordered, double tolerance) {
    rows.forEach(row -> want.add(TestBatches.comparable(row)));
    this.ordered = ordered;
    this.tolerance = tolerance;
  }

  private static final class Count {
    private int wanted;
    private int seen;
    private int comparison;

    private boolean oneMore(int now) {
      seen = comparison == now ? seen + 1 : 1;
      comparison = now;
      return seen <= wanted;
    }
  }

  /** Throws an AssertionError that tells the first difference. */
  void compare(List<List<@Nullable Object>> got) {
    List<List<@Nullable Object>> a = want;
    List<List<@Nullable Object>> b = got;
    if (!ordered) {
      if (isSameBag(got)) {
        return;
      }
      a = sorted(want);
      b = sorted(got);
    }
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!same(a.get(i), b.get(i))) {
        throw new AssertionError(
            "row "
                + i
                + difference(a.get(i), b.get(i))
                + ": expected "
                + a.get(i)
                + ", got "
                + b.get(i)
                + sizes(a, b));
      }
    }
    if (a.size() != b.size()) {
      int n = Math.min(a.size(), b.size());
      throw new AssertionError(
          (a.size() > n ? "missing " + a.get(n) : "too much: " + b.get(n)) + sizes(a, b));
    }
  }

  /** The same rows as often, doubles to the last bit. */
  private boolean isSameBag(List<List<@Nullable Object>> got) {
    if (want.size() != got.size()) {
      return false;
    }
    if (bag.isEmpty()) {
      for (List<@Nullable Object> row : want) {
        bag.computeIfAbsent(row, r -> new Count()).wanted++;
      }
    }
    comparisons++;
    for (List<@Nullable Object> row : got) {
      Count count = bag.get(row);
      if (count == null || !count.oneMore(comparisons)) {
        return false;
      }
    }
    return true;
  }

  private static String sizes(List<?> a, List<?> b) {
    return " (" + a.size() + " rows expected, " + b.size() + " came)";
  }

  private String difference(List<@Nullable Object> a, List<@Nullable Object> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!same(a.subList(i, i + 1), b.subList(i, i + 1))) {
        return " column " + i + ", " + a.get(i) + " and " + b.get(i);
      }
    }
    return " columns " + a.size() + " and " + b.size();
  }

  private boolean same(List<@Nullable Object> a, List<@Nullable Object> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      Object x = a.get(i);
      Object y = b.get(i);
      if (!Objects.equals(x, y)
          && !(x instanceof Double d && y instanceof Double e && near(d, e))) {
        return false;
      }
    }
    return true;
  }

  private boolean near(double a, double b) {
    return Double.isFinite(a)
        && Double.isFinite(b)
        && Math.abs(a - b) <= tolerance * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
  }

  /**
   * Rows in some total order in which doubles decide last, so that small differences of theirs do
   * not matter.
   */
  private static List<List<@Nullable Object>> sorted(List<List<@Nullable Object>> rows) {
    record Keyed(String text, List<@Nullable Object> row) {}
    return rows.stream()
        .map(row -> new Keyed(text(row), row))
        .sorted(
            Comparator.comparing(Keyed::text)
                .thenComparing(Keyed::row, ExpectedRows::compareDoubles))
        .map(Keyed::row)
        .toList();
  }

  private static int compareDoubles(List<@Nullable Object> a, List<@Nullable Object> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (a.get(i) instanceof Double x && b.get(i) instanceof Double y && !x.equals(y)) {
        return Double.compare(x, y);
      }
    }
    return 0;
  }

  private static String text(List<@Nullable Object> row) {
    StringBuilder s = new StringBuilder();
    for (Object v : row) {
      s.append(v instanceof Double ? "double" : v == null ? "\u0000null" : v).append('\u0001');
    }
    return s.toString();
  }
}
