package dev.penstock.nodes.table;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Layout;
import dev.penstock.monitor.Reservation;
import org.jspecify.annotations.Nullable;

/** Ints, and booleans as 0 and 1. */
final class IntKeys extends KeyColumn {
  private final Ints ints;

  IntKeys(DataType type, Reservation reservation) {
    super(type, reservation);
    this.ints = new Ints(reservation);
  }

  @Override
  void write(Located in, int[] rows, int count, int from) {
    ints.ensure(from + count);
    int[] at = in.at();
    if (in.values() instanceof IntColumn c) {
      int[] values = c.values();
      for (int i = 0; i < count; i++) {
        int p = at[rows[i]];
        ints.set(from + i, p < 0 ? 0 : values[p]);
      }
    } else {
      long[] words = ((BitColumn) in.values()).words();
      for (int i = 0; i < count; i++) {
        int p = at[rows[i]];
        ints.set(from + i, p >= 0 && Bits.get(words, p) ? 1 : 0);
      }
    }
  }

  @Override
  long writeGrowth(Located in, int n, int count) {
    return ints.growth(n);
  }

  @Override
  int compare(Located in, int[] entries, int[] rows, int count, int[] out) {
    int n = 0;
    if (in.values() instanceof IntColumn c) {
      int[][] chunks = ints.chunks();
      int[] values = c.values();
      int[] at = in.at();
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        int g = entries[row];
        out[n] = row;
        if (values[at[row]] == chunks[g >>> Ints.SHIFT][g & Ints.MASK]) {
          n++;
        }
      }
      return n;
    }
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (same(in, in.at()[row], entries[row])) {
        out[n++] = row;
      }
    }
    return n;
  }

  @Override
  boolean same(Located in, int place, int entry) {
    int v =
        in.values() instanceof IntColumn c
            ? c.values()[place]
            : ((BitColumn) in.values()).get(place) ? 1 : 0;
    return v == ints.get(entry);
  }

  @Override
  FlatColumn read(int[] entries, int count, long @Nullable [] bits) {
    if (type.layout() == Layout.BITS) {
      long[] words = new long[Bits.words(count)];
      for (int i = 0; i < count; i++) {
        if (entries[i] >= 0 && ints.get(entries[i]) != 0) {
          Bits.set(words, i);
        }
      }
      return new BitColumn(type, words, bits, count);
    }
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = entries[i] < 0 ? 0 : ints.get(entries[i]);
    }
    return new IntColumn(type, out, bits, count);
  }
}
