package dev.penstock.batch.expr;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.ObjectColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one column from parts of several: at its positions each part keeps its values. Parts do not
 * overlap; positions of none are null.
 */
final class Merge {
  /**
   * Values of the column at these positions; the mask is 0 when the column has one value for all.
   */
  private record Part(FlatColumn column, int mask, int[] positions, int n) {}

  private final DataType type;
  private final int length;
  private final int rows;
  private final List<Part> parts = new ArrayList<>();

  /** For a batch of this physical length, so many of whose positions are rows. */
  Merge(DataType type, int length, int rows) {
    this.type = type;
    this.length = length;
    this.rows = rows;
  }

  /** The array is kept until {@link #column}. */
  void add(Column column, int[] positions, int n) {
    if (n == 0) {
      return;
    }
    if (column instanceof ConstantColumn c) {
      parts.add(new Part(c.single(), 0, positions, n));
    } else {
      parts.add(new Part(column.flat(positions, n), -1, positions, n));
    }
  }

  Column column() {
    if (parts.isEmpty()) {
      return ConstantColumn.of(type, null, length);
    }
    long[] nulls = nulls();
    return switch (type.layout()) {
      case INTS -> {
        int[] out = new int[length];
        for (Part t : parts) {
          int[] in = ((IntColumn) t.column).values();
          for (int i = 0; i < t.n; i++) {
            int p = t.positions[i];
            out[p] = in[p & t.mask];
          }
        }
        yield new IntColumn(type, out, nulls, length);
      }
      case LONGS -> {
        long[] out = new long[length];
        for (Part t : parts) {
          long[] in = ((LongColumn) t.column).values();
          for (int i = 0; i < t.n; i++) {
            int p = t.positions[i];
            out[p] = in[p & t.mask];
          }
        }
        yield new LongColumn(type, out, nulls, length);
      }
      case DOUBLES -> {
        double[] out = new double[length];
        for (Part t : parts) {
          double[] in = ((DoubleColumn) t.column).values();
          for (int i = 0; i < t.n; i++) {
            int p = t.positions[i];
            out[p] = in[p & t.mask];
          }
        }
        yield new DoubleColumn(type, out, nulls, length);
      }
      case PAIRS -> {
        long[] out = new long[2 * length];
        for (Part t : parts) {
          long[] in = ((PairColumn) t.column).values();
          for (int i = 0; i < t.n; i++) {
            int p = t.positions[i];
            out[2 * p] = in[2 * (p & t.mask)];
            out[2 * p + 1] = in[2 * (p & t.mask) + 1];
          }
        }
        yield new PairColumn(type, out, nulls, length);
      }
      case BITS -> {
        long[] out = new long[Bits.words(length)];
        for (Part t : parts) {
          long[] in = ((BitColumn) t.column).words();
          for (int i = 0; i < t.n; i++) {
            int p = t.positions[i];
            int q = p & t.mask;
            out[p >> 6] |= (in[q >> 6] >>> q & 1) << p;
          }
        }
        yield new BitColumn(type, out, nulls, length);
      }
      case BYTES -> bytes(nulls);
      case OBJECTS -> {
        @Nullable Object[] out = new Object[length];
        for (Part t : parts) {
          for (int i = 0; i < t.n; i++) {
            out[t.positions[i]] = t.column.value(t.positions[i] & t.mask);
          }
        }
        yield new ObjectColumn(type, out, nulls, length);
      }
    };
  }

  private long @Nullable [] nulls() {
    int covered = 0;
    boolean clean = true;
    for (Part t : parts) {
      covered += t.n;
      clean &= t.column.nulls() == null;
    }
    if (clean && covered == rows) {
      return null;
    }
    long[] nulls = Bits.ones(length);
    for (Part t : parts) {
      long[] in = t.column.nulls();
      for (int i = 0; i < t.n; i++) {
        int p = t.positions[i];
        int q = p & t.mask;
        long isNull = in == null ? 0 : in[q >> 6] >>> q & 1;
        nulls[p >> 6] &= ~((isNull ^ 1) << p);
      }
    }
    return nulls;
  }

  private FlatColumn bytes(long @Nullable [] nulls) {
    int[] which = new int[length];
    Arrays.fill(which, -1);
    for (int k = 0; k < parts.size(); k++) {
      Part t = parts.get(k);
      for (int i = 0; i < t.n; i++) {
        which[t.positions[i]] = k;
      }
    }
    int[] offsets = new int[length + 1];
    long total = 0;
    for (int p = 0; p < length; p++) {
      if (which[p] >= 0) {
        Part t = parts.get(which[p]);
        total += ((BytesColumn) t.column).size(p & t.mask);
      }
      offsets[p + 1] = (int) total;
    }
    if (total > Integer.MAX_VALUE - 16) {
      throw PenstockException.limit(
          "batch-too-wide", "strings of one batch hold " + total + " bytes; at most 2 GiB fit");
    }
    byte[] slab = new byte[(int) total];
    for (Part t : parts) {
      BytesColumn c = (BytesColumn) t.column;
      for (int i = 0; i < t.n; i++) {
        int p = t.positions[i];
        int q = p & t.mask;
        System.arraycopy(c.slab(), c.start(q), slab, offsets[p], c.size(q));
      }
    }
    return new BytesColumn(type, slab, offsets, nulls, length);
  }
}
