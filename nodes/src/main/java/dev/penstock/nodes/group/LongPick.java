package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * The least or greatest of values that fit a long: integers, dates, times, decimals up to 18
 * digits; booleans as 0 and 1; doubles by their place in the order. A group without values holds
 * what loses against every value.
 */
final class LongPick extends ColumnAccumulator {
  private final boolean min;
  private final Longs best;
  private long[] scratch = {};

  LongPick(boolean min, Reservation reservation) {
    this.min = min;
    this.best = new Longs(reservation, 1, min ? Long.MAX_VALUE : Long.MIN_VALUE);
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
    long[] v = longs(values, at, count);
    long[][] chunks = best.chunks();
    if (groups == null) {
      long b = chunks[0][0];
      if (min) {
        for (int i = 0; i < count; i++) {
          b = Math.min(b, v[i]);
        }
      } else {
        for (int i = 0; i < count; i++) {
          b = Math.max(b, v[i]);
        }
      }
      chunks[0][0] = b;
    } else if (min) {
      for (int i = 0; i < count; i++) {
        long[] s = chunks[groups[i] >>> Longs.SHIFT];
        int k = groups[i] & Longs.MASK;
        s[k] = Math.min(s[k], v[i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        long[] s = chunks[groups[i] >>> Longs.SHIFT];
        int k = groups[i] & Longs.MASK;
        s[k] = Math.max(s[k], v[i]);
      }
    }
  }

  private long[] longs(FlatColumn values, int[] at, int count) {
    if (scratch.length < count) {
      scratch = new long[Math.max(count, 2048)];
    }
    Words.words(values, at, count, scratch);
    return scratch;
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    Longs in = ((LongPick) other).best;
    for (int i = 0; i < count; i++) {
      long a = in.get(from[i]);
      long b = best.get(to[i]);
      best.set(to[i], min ? Math.min(a, b) : Math.max(a, b));
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    boolean doubles = output.type().equals(DataType.FLOAT64);
    long[] v = new long[count];
    for (int i = 0; i < count; i++) {
      if (valueCounts[i] > 0) {
        long word = best.get(groups[i]);
        v[i] = doubles ? Double.doubleToRawLongBits(Words.ofKey(word)) : word;
      }
    }
    return ValueColumn.ofWords(output.type(), v, nullsOf(valueCounts, 1, count), count);
  }
}
