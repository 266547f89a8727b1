package dev.penstock.batch.expr;

import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins a lower and an upper bound of one column of whole numbers into one test: half the passes
 * over a range of dates or prices.
 */
final class Ranges {
  private Ranges() {}

  /**
   * The parts of an {@code and}, neighbours that bound the same column joined; true for the same
   * rows.
   */
  static List<Predicate> joined(List<Predicate> parts) {
    List<Predicate> out = new ArrayList<>();
    for (Predicate p : parts) {
      Predicate last = out.isEmpty() ? null : out.get(out.size() - 1);
      Predicate both = last == null ? null : join(last.shape(), p.shape());
      if (both == null) {
        out.add(p);
      } else {
        out.set(out.size() - 1, both);
      }
    }
    return out;
  }

  private static @Nullable Predicate join(Shape first, Shape second) {
    if (!(first instanceof Shape.Comparison a)
        || !(second instanceof Shape.Comparison b)
        || !a.column().equals(b.column())
        || a.literal().value() == null
        || b.literal().value() == null) {
      return null;
    }
    Layout layout = a.column().type().layout();
    if (layout != Layout.INTS && layout != Layout.LONGS) {
      return null;
    }
    Shape.Comparison lower = isLower(a) ? a : b;
    Shape.Comparison upper = isLower(a) ? b : a;
    if (!isLower(lower) || !isUpper(upper)) {
      return null;
    }
    long low = value(lower);
    long high = value(upper);
    // Bounds that a long has no room to close are left alone.
    if (lower.op() == Shape.Op.GT) {
      if (low == Long.MAX_VALUE) {
        return null;
      }
      low++;
    }
    if (upper.op() == Shape.Op.LT) {
      if (high == Long.MIN_VALUE) {
        return null;
      }
      high--;
    }
    return new ColumnPredicate(a.column(), new Between(low, high));
  }

  private static boolean isLower(Shape.Comparison c) {
    return c.op() == Shape.Op.GT || c.op() == Shape.Op.GE;
  }

  private static boolean isUpper(Shape.Comparison c) {
    return c.op() == Shape.Op.LT || c.op() == Shape.Op.LE;
  }

  private static long value(Shape.Comparison c) {
    FlatColumn single = c.literal().constant().single();
    return single instanceof IntColumn i ? i.values()[0] : ((LongColumn) single).values()[0];
  }

  /** From low to high, both included. */
  private record Between(long low, long high) implements ColumnPredicate.Test {
    @Override
    public int select(FlatColumn c, int @Nullable [] sel, int count, int[] out) {
      return c instanceof IntColumn i
          ? ints(i.values(), sel, count, out)
          : longs(((LongColumn) c).values(), sel, count, out);
    }

    private int ints(int[] a, int @Nullable [] sel, int count, int[] out) {
      // Bounds beyond an int are as good as just beyond it, and then no difference overflows.
      long lo = Math.max(low, Integer.MIN_VALUE);
      long hi = Math.min(high, Integer.MAX_VALUE);
      if (lo > hi) {
        return 0;
      }
      int n = 0;
      if (sel == null) {
        for (int i = 0; i < count; i++) {
          out[n] = i;
          n += (int) (~((a[i] - lo) | (hi - a[i])) >>> 63);
        }
      } else {
        for (int i = 0; i < count; i++) {
          int p = sel[i];
          out[n] = p;
          n += (int) (~((a[p] - lo) | (hi - a[p])) >>> 63);
        }
      }
      return n;
    }

    private int longs(long[] a, int @Nullable [] sel, int count, int[] out) {
      long lo = low;
      long hi = high;
      int n = 0;
      if (sel == null) {
        for (int i = 0; i < count; i++) {
          out[n] = i;
          n += (LongSelect.less(a[i], lo) | LongSelect.less(hi, a[i])) ^ 1;
        }
      } else {
        for (int i = 0; i < count; i++) {
          int p = sel[i];
          out[n] = p;
          n += (LongSelect.less(a[p], lo) | LongSelect.less(hi, a[p])) ^ 1;
        }
      }
      return n;
    }
  }
}
