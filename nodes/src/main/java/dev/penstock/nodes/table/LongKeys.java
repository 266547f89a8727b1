package dev.penstock.nodes.table;

import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.Reservation;
import org.jspecify.annotations.Nullable;

/** Longs, and doubles as their bits. */
final class LongKeys extends KeyColumn {
  private final Longs longs;

  LongKeys(DataType type, Reservation reservation) {
    super(type, reservation);
    this.longs = new Longs(reservation);
  }

  /** Equal doubles have equal bits: -0.0 becomes 0.0, there is one NaN. */
  static long bits(double v) {
    return Double.doubleToLongBits(v + 0.0);
  }

  @Override
  void write(Located in, int[] rows, int count, int from) {
    longs.ensure(from + count);
    int[] at = in.at();
    if (in.values() instanceof LongColumn c) {
      long[] values = c.values();
      for (int i = 0; i < count; i++) {
        int p = at[rows[i]];
        longs.set(from + i, p < 0 ? 0 : values[p]);
      }
    } else {
      double[] values = ((DoubleColumn) in.values()).values();
      for (int i = 0; i < count; i++) {
        int p = at[rows[i]];
        longs.set(from + i, p < 0 ? 0 : bits(values[p]));
      }
    }
  }

  @Override
  long writeGrowth(Located in, int n, int count) {
    return longs.growth(n);
  }

  @Override
  int compare(Located in, int[] entries, int[] rows, int count, int[] out) {
    long[][] chunks = longs.chunks();
    int[] at = in.at();
    int n = 0;
    if (in.values() instanceof LongColumn c) {
      long[] values = c.values();
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        int g = entries[row];
        out[n] = row;
        if (values[at[row]] == chunks[g >>> Longs.SHIFT][g & Longs.MASK]) {
          n++;
        }
      }
    } else {
      double[] values = ((DoubleColumn) in.values()).values();
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        int g = entries[row];
        out[n] = row;
        if (bits(values[at[row]]) == chunks[g >>> Longs.SHIFT][g & Longs.MASK]) {
          n++;
        }
      }
    }
    return n;
  }

  @Override
  boolean same(Located in, int place, int entry) {
    long v =
        in.values() instanceof LongColumn c
            ? c.values()[place]
            : bits(((DoubleColumn) in.values()).values()[place]);
    return v == longs.get(entry);
  }

  @Override
  FlatColumn read(int[] entries, int count, long @Nullable [] nulls) {
    if (type.layout() == Layout.DOUBLES) {
      double[] out = new double[count];
      for (int i = 0; i < count; i++) {
        out[i] = entries[i] < 0 ? 0 : Double.longBitsToDouble(longs.get(entries[i]));
      }
      return new DoubleColumn(type, out, nulls, count);
    }
    long[] out = new long[count];
    for (int i = 0; i < count; i++) {
      out[i] = entries[i] < 0 ? 0 : longs.get(entries[i]);
    }
    return new LongColumn(type, out, nulls, count);
  }
}
