package dev.penstock.sources.memory;

import dev.penstock.batch.Bits;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.LongColumn;
import dev.penstock.sources.parquet.Bounds;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the bounds of the values of a column. Types of 128 bits, JSON and objects have none. */
final class ChunkBounds {
  private int least = -1;
  private int greatest = -1;
  private int nulls;
  private boolean none;

  private ChunkBounds() {}

  static Bounds of(Column column, int rows) {
    DataType type = column.type();
    FlatColumn flat = column.flat(null, rows);
    ChunkBounds found = new ChunkBounds();
    found.nulls = nulls(flat, rows);
    if (found.nulls == rows) {
      return Bounds.allNull(type, rows);
    }
    if (flat instanceof IntColumn c) {
      found.ints(c.values(), c.nulls(), rows);
    } else if (flat instanceof LongColumn c) {
      found.longs(c.values(), c.nulls(), rows);
    } else if (flat instanceof DoubleColumn c) {
      found.doubles(c.values(), c.nulls(), rows);
    } else if (flat instanceof BytesColumn c && type.kind() != Kind.JSON) {
      found.bytes(c, rows);
    } else {
      found.none = true;
    }
    return found.none
        ? new Bounds(type, null, null, found.nulls, rows)
        : new Bounds(
            type, value(flat, found.least), value(flat, found.greatest), found.nulls, rows);
  }

  /** Texts and binaries as bytes, others as host values. */
  private static @Nullable Object value(FlatColumn column, int p) {
    if (column instanceof BytesColumn b) {
      return Arrays.copyOfRange(b.slab(), b.start(p), b.start(p) + b.size(p));
    }
    return column.value(p);
  }

  private static int nulls(FlatColumn column, int rows) {
    int n = 0;
    long[] nulls = column.nulls();
    for (int i = 0; nulls != null && i < rows; i++) {
      n += Bits.get(nulls, i) ? 1 : 0;
    }
    return n;
  }

  private void ints(int[] values, long @Nullable [] nulls, int rows) {
    int low = Integer.MAX_VALUE;
    int high = Integer.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      if (nulls == null || !Bits.get(nulls, i)) {
        int v = values[i];
        if (v <= low) {
          low = v;
          least = i;
        }
        if (v >= high) {
          high = v;
          greatest = i;
        }
      }
    }
  }

  private void longs(long[] values, long @Nullable [] nulls, int rows) {
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      if (nulls == null || !Bits.get(nulls, i)) {
        long v = values[i];
        if (v <= low) {
          low = v;
          least = i;
        }
        if (v >= high) {
          high = v;
          greatest = i;
        }
      }
    }
  }

  /** A NaN is greater than all: there are no bounds then. */
  private void doubles(double[] values, long @Nullable [] nulls, int rows) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < rows; i++) {
      if (nulls == null || !Bits.get(nulls, i)) {
        double v = values[i];
        if (v <= low) {
          low = v;
          least = i;
        }
        if (v >= high) {
          high = v;
          greatest = i;
        }
        none |= Double.isNaN(v);
      }
    }
  }

  private void bytes(BytesColumn c, int rows) {
    byte[] slab = c.slab();
    for (int i = 0; i < rows; i++) {
      if (!c.isNull(i)) {
        if (least < 0 || compare(c, slab, i, least) < 0) {
          least = i;
        }
        if (greatest < 0 || compare(c, slab, i, greatest) > 0) {
          greatest = i;
        }
      }
    }
  }

  private static int compare(BytesColumn c, byte[] slab, int a, int b) {
    return Arrays.compareUnsigned(
        slab, c.start(a), c.start(a) + c.size(a), slab, c.start(b), c.start(b) + c.size(b));
  }
}
