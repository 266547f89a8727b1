package dev.penstock.batch.expr;

import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.kernel.Ordering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code (in x [v1 v2 ...])}: a set when the values are literals, else an {@code or} of
 * comparisons.
 */
final class InList {
  /** Up to so many numbers are compared one after another, without a branch. */
  private static final int FEW = 6;

  private InList() {}

  static Predicate of(Expr x, List<Expr> values) {
    List<LiteralExpr> literals = new ArrayList<>();
    List<Expr> parts = new ArrayList<>();
    for (Expr v : values) {
      if (v instanceof LiteralExpr l && l.value() != null) {
        literals.add(l);
      } else {
        // A null value leaves what is not found null, which the comparison with it gives.
        parts.add(Comparisons.of(Comparison.EQUAL, x, v));
      }
    }
    if (!literals.isEmpty()) {
      parts.add(0, new ColumnPredicate(x, test(literals)));
    }
    return parts.size() == 1 ? (Predicate) parts.get(0) : Logic.connective(true, parts);
  }

  private static ColumnPredicate.Test test(List<LiteralExpr> literals) {
    DataType type = literals.get(0).type();
    List<Column> sorted = new ArrayList<>();
    for (LiteralExpr l : literals) {
      sorted.add(l.constant());
    }
    Ordering ordering = Ordering.of(type);
    sorted.sort((a, b) -> ordering.compare(a, 0, b, 0));
    ColumnBuilder builder = ColumnBuilder.of(type, sorted.size());
    Column last = null;
    for (Column c : sorted) {
      if (last == null || ordering.compare(last, 0, c, 0) != 0) {
        builder.append(c, 0);
      }
      last = c;
    }
    FlatColumn values = builder.build();
    return switch (type.layout()) {
      case INTS, LONGS, DOUBLES -> new InNumbers(values, keys(values));
      default -> new InSorted(values, ordering);
    };
  }

  private static long[] keys(FlatColumn values) {
    long[] keys = new long[values.length()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key(values, i);
    }
    return keys;
  }

  private static long key(FlatColumn c, int i) {
    if (c instanceof IntColumn n) {
      return n.values()[i];
    }
    return c instanceof DoubleColumn d
        ? Ordering.doubleKey(d.values()[i])
        : ((LongColumn) c).values()[i];
  }

  private static Shape shape(ColumnExpr column, FlatColumn values) {
    return column.type().equals(values.type()) ? new Shape.In(column, values) : Shape.OTHER;
  }

  /** Numbers of one word: a short list is gone through, a long one is a hash set. */
  private static final class InNumbers implements ColumnPredicate.Test {
    private final FlatColumn values;
    private final long[] keys;
    private final long[] slots;

    /** What an empty slot holds: a number that is not in the set. */
    private final long empty;

    InNumbers(FlatColumn values, long[] keys) {
      this.values = values;
      this.keys = keys;
      long free = Long.MIN_VALUE;
      for (long k : keys) {
        // The keys ascend, so the first gap from the bottom is found in one pass.
        if (k == free) {
          free++;
        }
      }
      this.empty = free;
      int size = Integer.highestOneBit(Math.max(keys.length, 1)) << 2;
      this.slots = new long[size];
      Arrays.fill(slots, empty);
      for (long k : keys) {
        int s = slot(k, size - 1);
        while (slots[s] != empty) {
          s = s + 1 & size - 1;
        }
        slots[s] = k;
      }
    }

    private static int slot(long key, int mask) {
      return (int) (key * 0x9E37_79B9_7F4A_7C15L >>> 32) & mask;
    }

    @Override
    public Shape shape(ColumnExpr column) {
      return InList.shape(column, values);
    }

    @Override
    public int select(FlatColumn c, int @Nullable [] sel, int count, int[] out) {
      if (c.type().layout() == Layout.INTS) {
        int[] a = ((IntColumn) c).values();
        int n = 0;
        for (int i = 0; i < count; i++) {
          int p = sel == null ? i : sel[i];
          int hit = contains(a[p]);
          out[n] = p;
          n += hit;
        }
        return n;
      }
      if (c.type().layout() == Layout.LONGS) {
        long[] a = ((LongColumn) c).values();
        int n = 0;
        for (int i = 0; i < count; i++) {
          int p = sel == null ? i : sel[i];
          int hit = contains(a[p]);
          out[n] = p;
          n += hit;
        }
        return n;
      }
      double[] a = ((DoubleColumn) c).values();
      int n = 0;
      for (int i = 0; i < count; i++) {
        int p = sel == null ? i : sel[i];
        int hit = contains(Ordering.doubleKey(a[p]));
        out[n] = p;
        n += hit;
      }
      return n;
    }

    private int contains(long v) {
      if (keys.length <= FEW) {
        long hit = 0;
        for (long k : keys) {
          long d = v ^ k;
          hit |= ~(d | -d);
        }
        return (int) (hit >>> 63);
      }
      int mask = slots.length - 1;
      int s = slot(v, mask);
      long found = slots[s];
      while (found != v && found != empty) {
        s = s + 1 & mask;
        found = slots[s];
      }
      return found == v && v != empty ? 1 : 0;
    }
  }

  /** Anything with an order, by binary search. */
  private record InSorted(FlatColumn values, Ordering ordering) implements ColumnPredicate.Test {
    @Override
    public Shape shape(ColumnExpr column) {
      return InList.shape(column, values);
    }

    @Override
    public int select(FlatColumn c, int @Nullable [] sel, int count, int[] out) {
      int n = 0;
      for (int i = 0; i < count; i++) {
        int p = sel == null ? i : sel[i];
        out[n] = p;
        n += contains(c, p) ? 1 : 0;
      }
      return n;
    }

    private boolean contains(FlatColumn c, int p) {
      int low = 0;
      int high = values.length() - 1;
      while (low <= high) {
        int mid = low + high >>> 1;
        int order = ordering.compareFlat(values, mid, c, p);
        if (order == 0) {
          return true;
        } else if (order < 0) {
          low = mid + 1;
        } else {
          high = mid - 1;
        }
      }
      return false;
    }
  }
}
