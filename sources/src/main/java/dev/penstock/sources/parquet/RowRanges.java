package dev.penstock.sources.parquet;

import java.util.Arrays;

/**
 * Rows of a row group: ascending, disjoint, not empty ranges, as begin and end in turn. Immutable.
 */
final class RowRanges {
  private final long[] bounds;

  private RowRanges(long[] bounds) {
    this.bounds = bounds;
  }

  static RowRanges of(long from, long to) {
    return new RowRanges(from < to ? new long[] {from, to} : new long[0]);
  }

  int size() {
    return bounds.length / 2;
  }

  boolean isEmpty() {
    return bounds.length == 0;
  }

  long from(int range) {
    return bounds[2 * range];
  }

  long to(int range) {
    return bounds[2 * range + 1];
  }

  long rows() {
    long sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += to(i) - from(i);
    }
    return sum;
  }

  RowRanges intersect(RowRanges other) {
    Builder out = new Builder();
    int j = 0;
    for (int i = 0; i < size(); i++) {
      while (j < other.size() && other.to(j) <= from(i)) {
        j++;
      }
      for (int k = j; k < other.size() && other.from(k) < to(i); k++) {
        out.add(Math.max(from(i), other.from(k)), Math.min(to(i), other.to(k)));
      }
    }
    return out.build();
  }

  /** Adds ranges in ascending order; those that touch become one. */
  static final class Builder {
    private long[] bounds = new long[8];
    private int used;

    void add(long from, long to) {
      if (from >= to) {
        return;
      }
      if (used > 0 && bounds[used - 1] >= from) {
        bounds[used - 1] = Math.max(bounds[used - 1], to);
        return;
      }
      if (used == bounds.length) {
        bounds = Arrays.copyOf(bounds, used * 2);
      }
      bounds[used++] = from;
      bounds[used++] = to;
    }

    RowRanges build() {
      return new RowRanges(Arrays.copyOf(bounds, used));
    }
  }

  @Override
  public String toString() {
    return Arrays.toString(bounds);
  }
}
