package dev.penstock.sql.differential;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Are two answers the same? Floats to 1e-9, all else exactly; whole numbers of any type alike. */
final class Comparison {
  private static final double TOLERANCE = 1e-9;

  private Comparison() {}

  /** What is different; null if nothing is. */
  static @Nullable String difference(
      List<@Nullable Object[]> ours, List<@Nullable Object[]> theirs, boolean ordered) {
    if (ours.size() != theirs.size()) {
      return "we have " + ours.size() + " rows, DuckDB " + theirs.size();
    }
    List<@Nullable Object[]> a = normal(ours);
    List<@Nullable Object[]> b = normal(theirs);
    if (!ordered) {
      a.sort(Comparison::compareRows);
      b.sort(Comparison::compareRows);
    }
    String what = first(a, b);
    return what != null && !ordered && matches(a, b) ? null : what;
  }

  /** Floats that are nearly the same may have put equal rows in different places. */
  private static boolean matches(List<@Nullable Object[]> a, List<@Nullable Object[]> b) {
    List<@Nullable Object[]> left = new ArrayList<>(b);
    for (@Nullable Object[] x : a) {
      int found = -1;
      for (int i = 0; i < left.size() && found < 0; i++) {
        found = same(x, left.get(i)) ? i : -1;
      }
      if (found < 0) {
        return false;
      }
      left.remove(found);
    }
    return true;
  }

  private static boolean same(@Nullable Object[] x, @Nullable Object[] y) {
    for (int c = 0; c < x.length; c++) {
      if (!same(x[c], y[c])) {
        return false;
      }
    }
    return x.length == y.length;
  }

  private static @Nullable String first(List<@Nullable Object[]> a, List<@Nullable Object[]> b) {
    for (int i = 0; i < a.size(); i++) {
      @Nullable Object[] x = a.get(i);
      @Nullable Object[] y = b.get(i);
      if (x.length != y.length) {
        return "we have " + x.length + " columns, DuckDB " + y.length;
      }
      for (int c = 0; c < x.length; c++) {
        if (!same(x[c], y[c])) {
          return "row "
              + (i + 1)
              + ", column "
              + (c + 1)
              + ": we have "
              + Arrays.toString(x)
              + ", DuckDB "
              + Arrays.toString(y);
        }
      }
    }
    return null;
  }

  private static List<@Nullable Object[]> normal(List<@Nullable Object[]> rows) {
    List<@Nullable Object[]> out = new ArrayList<>();
    for (@Nullable Object[] row : rows) {
      out.add(Arrays.stream(row).map(Comparison::normal).toArray());
    }
    return out;
  }

  private static @Nullable Object normal(@Nullable Object v) {
    if (v instanceof Integer || v instanceof Long || v instanceof Short || v instanceof Byte) {
      return normal(BigDecimal.valueOf(((Number) v).longValue()));
    } else if (v instanceof BigDecimal d) {
      return d.signum() == 0 ? BigDecimal.ZERO : d.stripTrailingZeros();
    } else if (v instanceof Float f) {
      return (double) f;
    } else if (v instanceof Double d) {
      return d + 0.0;
    } else if (v instanceof LocalDate d) {
      return d.atStartOfDay();
    }
    return v;
  }

  private static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return x.equals(y)
          || Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.max(Math.abs(x), Math.abs(y)));
    }
    return java.util.Objects.equals(a, b);
  }

  /** Floats last: those of equal rows may differ a little. */
  private static int compareRows(@Nullable Object[] a, @Nullable Object[] b) {
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < Math.min(a.length, b.length); i++) {
        if ((a[i] instanceof Double || b[i] instanceof Double) == (pass == 1)) {
          int c = compare(a[i], b[i]);
          if (c != 0) {
            return c;
          }
        }
      }
    }
    return 0;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static int compare(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return a == b ? 0 : a == null ? 1 : -1;
    }
    return a.getClass() == b.getClass()
        ? ((Comparable) a).compareTo(b)
        : a.getClass().getName().compareTo(b.getClass().getName());
  }
}
