package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.PairColumn;
import dev.penstock.monitor.PenstockException;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sums and averages of intervals, part by part. An average gives what does not divide to the next
 * smaller part, a month as 30 days.
 *
 * <p>A group is four words: months, days, and the microseconds as their low 32 bits and the rest,
 * so that nothing overflows on the way.
 */
final class IntervalSum extends ColumnAccumulator {
  private static final long LOW = 0xFFFF_FFFFL;
  private static final BigInteger DAY = BigInteger.valueOf(86_400_000_000L);

  private final Longs parts;

  IntervalSum(Reservation reservation) {
    this.parts = new Longs(reservation, 4, 0);
  }

  @Override
  Longs[] words() {
    return new Longs[] {parts};
  }

  @Override
  void ensure(int n) {
    parts.ensure(n);
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    long[] v = ((PairColumn) values).values();
    long[][] chunks = parts.chunks();
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      long[] s = chunks[g >>> Longs.SHIFT];
      int k = (g & Longs.MASK) << 2;
      int p = at[i] << 1;
      s[k] += v[p] >> 32;
      s[k + 1] += (int) v[p];
      s[k + 2] += v[p + 1] & LOW;
      s[k + 3] += v[p + 1] >> 32;
    }
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    IntervalSum in = (IntervalSum) other;
    for (int i = 0; i < count; i++) {
      long[] a = in.parts.chunks()[from[i] >>> Longs.SHIFT];
      int k = (from[i] & Longs.MASK) << 2;
      long[] b = parts.chunks()[to[i] >>> Longs.SHIFT];
      int m = (to[i] & Longs.MASK) << 2;
      for (int part = 0; part < 4; part++) {
        b[m + part] += a[k + part];
      }
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    long[] out = new long[2 * count];
    for (int i = 0; i < count; i++) {
      if (valueCounts[i] == 0) {
        continue;
      }
      long[] s = parts.chunks()[groups[i] >>> Longs.SHIFT];
      int k = (groups[i] & Longs.MASK) << 2;
      BigInteger months = BigInteger.valueOf(s[k]);
      BigInteger days = BigInteger.valueOf(s[k + 1]);
      BigInteger micros =
          BigInteger.valueOf(s[k + 3]).shiftLeft(32).add(BigInteger.valueOf(s[k + 2]));
      if (output.function().equals("avg")) {
        BigInteger n = BigInteger.valueOf(valueCounts[i]);
        BigInteger[] m = months.divideAndRemainder(n);
        BigInteger[] d = days.add(m[1].multiply(BigInteger.valueOf(30))).divideAndRemainder(n);
        months = m[0];
        days = d[0];
        micros = micros.add(d[1].multiply(DAY)).divide(n);
      }
      if (months.bitLength() > 31 || days.bitLength() > 31 || micros.bitLength() > 63) {
        throw overflow(output.function(), output.type(), months, days, micros);
      }
      Interval v = new Interval(months.intValue(), days.intValue(), micros.longValue());
      out[2 * i] = v.high();
      out[2 * i + 1] = v.micros();
    }
    return new PairColumn(output.type(), out, nullsOf(valueCounts, 1, count), count);
  }

  private static PenstockException overflow(
      String function, DataType type, BigInteger months, BigInteger days, BigInteger micros) {
    return PenstockException.incorrect(
        "overflow",
        function
            + " gives "
            + months
            + " months, "
            + days
            + " days and "
            + micros
            + " microseconds, which do not fit "
            + type);
  }
}
