package dev.penstock.nodes.group;

import dev.penstock.batch.DataType;
import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * Sums and averages of doubles, with the lost low parts kept beside the sum (Neumaier), so that the
 * order of rows and the number of lanes hardly show.
 *
 * <p>A group is two doubles, as their bits: sum, lost part.
 */
final class FloatSum extends ColumnAccumulator {
  private final Longs sums;

  FloatSum(Reservation reservation) {
    this.sums = new Longs(reservation, 2, 0);
  }

  @Override
  Longs[] words() {
    return new Longs[] {sums};
  }

  @Override
  void ensure(int n) {
    sums.ensure(n);
  }

  @Override
  void add(FlatColumn values, int[] at, int @Nullable [] groups, int count) {
    double[] v = ((DoubleColumn) values).values();
    long[][] chunks = sums.chunks();
    if (groups == null) {
      long[] s = chunks[0];
      double sum = Double.longBitsToDouble(s[0]);
      double lost = Double.longBitsToDouble(s[1]);
      for (int i = 0; i < count; i++) {
        double x = v[at[i]];
        double t = sum + x;
        lost += Math.abs(sum) >= Math.abs(x) ? (sum - t) + x : (x - t) + sum;
        sum = t;
      }
      s[0] = Double.doubleToRawLongBits(sum);
      s[1] = Double.doubleToRawLongBits(lost);
      return;
    }
    for (int i = 0; i < count; i++) {
      int g = groups[i];
      add(chunks[g >>> Longs.SHIFT], (g & Longs.MASK) << 1, v[at[i]]);
    }
  }

  private static void add(long[] s, int k, double x) {
    double sum = Double.longBitsToDouble(s[k]);
    double lost = Double.longBitsToDouble(s[k + 1]);
    double t = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? (sum - t) + x : (x - t) + sum;
    s[k] = Double.doubleToRawLongBits(t);
    s[k + 1] = Double.doubleToRawLongBits(lost);
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    long[][] in = ((FloatSum) other).sums.chunks();
    long[][] out = sums.chunks();
    for (int i = 0; i < count; i++) {
      long[] a = in[from[i] >>> Longs.SHIFT];
      int k = (from[i] & Longs.MASK) << 1;
      long[] b = out[to[i] >>> Longs.SHIFT];
      int m = (to[i] & Longs.MASK) << 1;
      double lost = Double.longBitsToDouble(a[k + 1]);
      add(b, m, Double.longBitsToDouble(a[k]));
      b[m + 1] = Double.doubleToRawLongBits(Double.longBitsToDouble(b[m + 1]) + lost);
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    String function = output.function();
    DataType type = output.type();
    boolean average = function.equals("avg");
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      long[] s = sums.chunks()[groups[i] >>> Longs.SHIFT];
      int k = (groups[i] & Longs.MASK) << 1;
      double sum = Double.longBitsToDouble(s[k]);
      double lost = Double.longBitsToDouble(s[k + 1]);
      // Once infinite or NaN, the lost part means nothing.
      double whole = Double.isFinite(sum) ? sum + lost : sum;
      out[i] = average && valueCounts[i] > 0 ? whole / valueCounts[i] : whole;
    }
    return new DoubleColumn(type, out, nullsOf(valueCounts, 1, count), count);
  }
}
