package dev.penstock.batch;

import org.jspecify.annotations.Nullable;

/**
 * The same flat column with another type or another null bitmap; the values are shared, not copied.
 */
public final class FlatColumns {
  private FlatColumns() {}

  public static FlatColumn withoutNulls(FlatColumn c) {
    return c.nulls() == null ? c : with(c, c.type(), null);
  }

  /** The column with exactly these nulls. */
  public static FlatColumn withNulls(FlatColumn c, long @Nullable [] nulls) {
    return c.nulls() == nulls ? c : with(c, c.type(), nulls);
  }

  /** The column seen as another type of the same layout (no conversion of values). */
  public static FlatColumn as(FlatColumn c, DataType type) {
    return with(c, type, c.nulls());
  }

  private static FlatColumn with(FlatColumn c, DataType type, long @Nullable [] nulls) {
    int n = c.length();
    if (c instanceof BitColumn b) {
      return new BitColumn(type, b.words(), nulls, n);
    } else if (c instanceof IntColumn i) {
      return new IntColumn(type, i.values(), nulls, n);
    } else if (c instanceof LongColumn l) {
      return new LongColumn(type, l.values(), nulls, n);
    } else if (c instanceof DoubleColumn d) {
      return new DoubleColumn(type, d.values(), nulls, n);
    } else if (c instanceof PairColumn p) {
      return new PairColumn(type, p.values(), nulls, n);
    } else if (c instanceof BytesColumn s) {
      return new BytesColumn(type, s.slab(), s.offsets(), nulls, n);
    }
    return new ObjectColumn(type, ((ObjectColumn) c).values(), nulls, n);
  }
}
