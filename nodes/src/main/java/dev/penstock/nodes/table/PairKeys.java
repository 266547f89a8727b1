package dev.penstock.nodes.table;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.Reservation;
import org.jspecify.annotations.Nullable;

/** 128-bit values. */
final class PairKeys extends KeyColumn {
  private final Longs pairs;

  PairKeys(DataType type, Reservation reservation) {
    super(type, reservation);
    this.pairs = new Longs(reservation, 2, 0);
  }

  @Override
  void write(Located in, int[] rows, int count, int from) {
    pairs.ensure(from + count);
    long[][] chunks = pairs.chunks();
    long[] values = ((PairColumn) in.values()).values();
    int[] at = in.at();
    for (int i = 0; i < count; i++) {
      int p = at[rows[i]];
      if (p >= 0) {
        long[] chunk = chunks[(from + i) >>> Longs.SHIFT];
        int k = 2 * ((from + i) & Longs.MASK);
        chunk[k] = values[2 * p];
        chunk[k + 1] = values[2 * p + 1];
      }
    }
  }

  @Override
  long writeGrowth(Located in, int n, int count) {
    return pairs.growth(n);
  }

  @Override
  int compare(Located in, int[] entries, int[] rows, int count, int[] out) {
    long[][] chunks = pairs.chunks();
    long[] values = ((PairColumn) in.values()).values();
    int[] at = in.at();
    int n = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      int p = 2 * at[row];
      int g = entries[row];
      long[] chunk = chunks[g >>> Longs.SHIFT];
      int k = 2 * (g & Longs.MASK);
      out[n] = row;
      if (((values[p] ^ chunk[k]) | (values[p + 1] ^ chunk[k + 1])) == 0) {
        n++;
      }
    }
    return n;
  }

  @Override
  boolean same(Located in, int place, int entry) {
    long[] values = ((PairColumn) in.values()).values();
    long[] chunk = pairs.chunks()[entry >>> Longs.SHIFT];
    int k = 2 * (entry & Longs.MASK);
    return values[2 * place] == chunk[k] && values[2 * place + 1] == chunk[k + 1];
  }

  @Override
  FlatColumn read(int[] entries, int count, long @Nullable [] nulls) {
    long[][] chunks = pairs.chunks();
    long[] out = new long[2 * count];
    for (int i = 0; i < count; i++) {
      int g = entries[i];
      if (g >= 0) {
        long[] chunk = chunks[g >>> Longs.SHIFT];
        int k = 2 * (g & Longs.MASK);
        out[2 * i] = chunk[k];
        out[2 * i + 1] = chunk[k + 1];
      }
    }
    return new PairColumn(type, out, nulls, count);
  }
}
