package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Kind;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * The least or greatest of 128-bit values: wide decimals, uuids, intervals (of intervals of equal
 * length the one with the smaller words, so that the order of rows does not matter).
 *
 * <p>A group is three words: 1 if it has a value, high, low.
 */
final class PairPick extends ColumnAccumulator {
  private final boolean min;
  private final Kind kind;
  private final Longs best;

  PairPick(boolean min, DataType input, Reservation reservation) {
    this.min = min;
    this.kind = input.kind();
    this.best = new Longs(reservation, 3, 0);
  }

  @Override
  Longs[] words() {
    return new Longs[] {best};
  }

  @Override
  void ensure(int n) {
    best.ensure(n);
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    long[] v = ((PairColumn) values).values();
    long[][] chunks = best.chunks();
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      int p = at[i] << 1;
      take(chunks[g >>> Longs.SHIFT], (g & Longs.MASK) * 3, v[p], v[p + 1]);
    }
  }

  private void take(long[] s, int k, long high, long low) {
    if (s[k] == 0 || wins(high, low, s[k + 1], s[k + 2])) {
      s[k] = 1;
      s[k + 1] = high;
      s[k + 2] = low;
    }
  }

  private boolean wins(long ah, long al, long bh, long bl) {
    int c;
    if (kind == Kind.UUID) {
      c = Int128.compare(ah ^ Long.MIN_VALUE, al, bh ^ Long.MIN_VALUE, bl);
    } else if (kind == Kind.INTERVAL) {
      c = Ordering.compareIntervals(ah, al, bh, bl);
      c = c == 0 ? Int128.compare(ah, al, bh, bl) : c;
    } else {
      c = Int128.compare(ah, al, bh, bl);
    }
    return min ? c < 0 : c > 0;
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    long[][] in = ((PairPick) other).best.chunks();
    long[][] out = best.chunks();
    for (int i = 0; i < count; i++) {
      long[] a = in[from[i] >>> Longs.SHIFT];
      int k = (from[i] & Longs.MASK) * 3;
      if (a[k] != 0) {
        take(out[to[i] >>> Longs.SHIFT], (to[i] & Longs.MASK) * 3, a[k + 1], a[k + 2]);
      }
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    DataType type = output.type();
    long[] out = new long[2 * count];
    for (int i = 0; i < count; i++) {
      long[] s = best.chunks()[groups[i] >>> Longs.SHIFT];
      int k = (groups[i] & Longs.MASK) * 3;
      out[2 * i] = s[k + 1];
      out[2 * i + 1] = s[k + 2];
    }
    return new PairColumn(type, out, nullsOf(valueCounts, 1, count), count);
  }
}
