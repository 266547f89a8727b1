package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.PairColumn;
import dev.penstock.batch.kernel.Int128;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * Variance and standard deviation: Welford's update, and Chan, Golub and LeVeque's merge (1979),
 * both stable where the values are large and lie close together.
 *
 * <p>A group is three words: count, mean, sum of squared distances from the mean (the last two as
 * the bits of doubles).
 */
final class Moments extends ColumnAccumulator {
  private final DataType input;
  private final Longs states;
  private double[] scratch = {};

  Moments(DataType input, Reservation reservation) {
    this.input = input;
    this.states = new Longs(reservation, 3, 0);
  }

  @Override
  Longs[] words() {
    return new Longs[] {states};
  }

  @Override
  void ensure(int n) {
    states.ensure(n);
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    double[] v = doubles(values, at, count);
    long[][] chunks = states.chunks();
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      long[] s = chunks[g >>> Longs.SHIFT];
      int k = (g & Longs.MASK) * 3;
      long n = ++s[k];
      double mean = Double.longBitsToDouble(s[k + 1]);
      double d = v[i] - mean;
      mean += d / n;
      s[k + 1] = Double.doubleToRawLongBits(mean);
      s[k + 2] = Double.doubleToRawLongBits(Double.longBitsToDouble(s[k + 2]) + d * (v[i] - mean));
    }
  }

  private double[] doubles(FlatColumn values, int[] at, int count) {
    if (scratch.length < count) {
      scratch = new double[Math.max(count, 2048)];
    }
    double[] out = scratch;
    int scale = input.scale();
    if (values instanceof DoubleColumn c) {
      double[] v = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = v[at[i]];
      }
    } else if (values instanceof IntColumn c) {
      int[] v = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = v[at[i]];
      }
    } else if (values instanceof LongColumn c) {
      long[] v = c.values();
      for (int i = 0; i < count; i++) {
        out[i] = Int128.toDouble(v[at[i]], scale);
      }
    } else {
      PairColumn c = (PairColumn) values;
      for (int i = 0; i < count; i++) {
        out[i] = Int128.toDouble(c.high(at[i]), c.low(at[i]), scale);
      }
    }
    return out;
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    long[][] in = ((Moments) other).states.chunks();
    long[][] out = states.chunks();
    for (int i = 0; i < count; i++) {
      long[] a = in[from[i] >>> Longs.SHIFT];
      int k = (from[i] & Longs.MASK) * 3;
      long[] b = out[to[i] >>> Longs.SHIFT];
      int m = (to[i] & Longs.MASK) * 3;
      long na = a[k];
      long nb = b[m];
      if (na == 0) {
        continue;
      }
      if (nb == 0) {
        System.arraycopy(a, k, b, m, 3);
        continue;
      }
      double n = (double) na + nb;
      double mean = Double.longBitsToDouble(b[m + 1]);
      double d = Double.longBitsToDouble(a[k + 1]) - mean;
      double squares = Double.longBitsToDouble(a[k + 2]) + Double.longBitsToDouble(b[m + 2]);
      b[m] = na + nb;
      b[m + 1] = Double.doubleToRawLongBits(mean + d * (na / n));
      b[m + 2] = Double.doubleToRawLongBits(squares + d * d * (na / n) * nb);
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    String function = output.function();
    DataType type = output.type();
    boolean population = function.endsWith("-pop");
    boolean root = function.startsWith("stddev");
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      long[] s = states.chunks()[groups[i] >>> Longs.SHIFT];
      int k = (groups[i] & Longs.MASK) * 3;
      double variance = Double.longBitsToDouble(s[k + 2]) / (population ? s[k] : s[k] - 1);
      out[i] = root ? Math.sqrt(variance) : variance;
    }
    return new DoubleColumn(type, out, nullsOf(valueCounts, population ? 1 : 2, count), count);
  }
}
