package dev.penstock.nodes.group;

import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Bits;
import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * The least or greatest of values that fit a long: integers, dates, times, decimals up to 18
 * digits; booleans as 0 and 1; doubles by their place in the order. A group without values holds
 * what loses against every value.
 */
final class LongPick extends Accumulator {
  private final boolean min;
  private final Longs best;
  private long[] scratch = {};

  LongPick(boolean min, Reservation reservation) {
    this.min = min;
    this.best = new Longs(reservation, 1, min ? Long.MAX_VALUE : Long.MIN_VALUE);
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
    long[] out = scratch;
    if (values instanceof LongColumn c) {
      long[] v = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = v[at[i]];
      }
    } else if (values instanceof IntColumn c) {
      int[] v = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = v[at[i]];
      }
    } else if (values instanceof DoubleColumn c) {
      double[] v = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = Ordering.doubleKey(v[at[i]]);
      }
    } else {
      long[] words = ((BitColumn) values).words();
      for (int i = 0; i < count; i++) {
        int p = at[i];
        out[i] = words[p >> 6] >>> p & 1;
      }
    }
    return out;
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
  FlatColumn result(String function, DataType type, int[] groups, long[] valueCounts, int count) {
    long[] nulls = nullsOf(valueCounts, 1, count);
    long[] v = new long[count];
    for (int i = 0; i < count; i++) {
      v[i] = valueCounts[i] == 0 ? 0 : best.get(groups[i]);
    }
    switch (type.layout()) {
      case BITS -> {
        long[] words = new long[Bits.words(count)];
        for (int i = 0; i < count; i++) {
          words[i >> 6] |= (v[i] & 1) << i;
        }
        return new BitColumn(type, words, nulls, count);
      }
      case INTS -> {
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
          ints[i] = (int) v[i];
        }
        return new IntColumn(type, ints, nulls, count);
      }
      case DOUBLES -> {
        double[] doubles = new double[count];
        for (int i = 0; i < count; i++) {
          // The inverse of Ordering.doubleKey.
          doubles[i] = Double.longBitsToDouble(v[i] ^ (v[i] >> 63 & Long.MAX_VALUE));
        }
        return new DoubleColumn(type, doubles, nulls, count);
      }
      default -> {
        return new LongColumn(type, v, nulls, count);
      }
    }
  }
}
