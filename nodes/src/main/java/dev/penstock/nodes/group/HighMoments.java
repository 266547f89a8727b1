package dev.penstock.nodes.group;

import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * Skewness and kurtosis: the third and fourth moments, by the updates and merges of Pébay (Sandia
 * report SAND2008-6212), which are stable.
 *
 * <pre>
 * low    count, mean, sum of squared distances from it
 * high   sum of cubed distances, sum of their fourth powers
 * </pre>
 */
final class HighMoments extends Accumulator {
  private final Longs low;
  private final Longs high;

  HighMoments(Reservation reservation) {
    this.low = new Longs(reservation, 3, 0);
    this.high = new Longs(reservation, 2, 0);
  }

  @Override
  Longs[] words() {
    return new Longs[] {low, high};
  }

  @Override
  void ensure(int n) {
    low.ensure(n);
    high.ensure(n);
  }

  @Override
  void add(FlatColumn[] values, int[][] at, int @Nullable [] groups, int count) {
    double[] v = ((DoubleColumn) values[0]).values();
    int[] places = at[0];
    long[][] lows = low.chunks();
    long[][] highs = high.chunks();
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      long[] a = lows[g >>> Longs.SHIFT];
      long[] b = highs[g >>> Longs.SHIFT];
      int k = (g & Longs.MASK) * 3;
      int m = (g & Longs.MASK) * 2;
      double before = a[k];
      double n = ++a[k];
      double mean = Double.longBitsToDouble(a[k + 1]);
      double m2 = Double.longBitsToDouble(a[k + 2]);
      double m3 = Double.longBitsToDouble(b[m]);
      double m4 = Double.longBitsToDouble(b[m + 1]);
      double d = v[places[i]] - mean;
      double dn = d / n;
      double term = d * dn * before;
      m4 += term * dn * dn * (n * n - 3 * n + 3) + 6 * dn * dn * m2 - 4 * dn * m3;
      m3 += term * dn * (n - 2) - 3 * dn * m2;
      a[k + 1] = Double.doubleToRawLongBits(mean + dn);
      a[k + 2] = Double.doubleToRawLongBits(m2 + term);
      b[m] = Double.doubleToRawLongBits(m3);
      b[m + 1] = Double.doubleToRawLongBits(m4);
    }
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    HighMoments in = (HighMoments) other;
    for (int i = 0; i < count; i++) {
      long[] al = in.low.chunks()[from[i] >>> Longs.SHIFT];
      long[] ah = in.high.chunks()[from[i] >>> Longs.SHIFT];
      long[] bl = low.chunks()[to[i] >>> Longs.SHIFT];
      long[] bh = high.chunks()[to[i] >>> Longs.SHIFT];
      int ka = (from[i] & Longs.MASK) * 3;
      int ma = (from[i] & Longs.MASK) * 2;
      int kb = (to[i] & Longs.MASK) * 3;
      int mb = (to[i] & Longs.MASK) * 2;
      if (al[ka] == 0) {
        continue;
      }
      if (bl[kb] == 0) {
        System.arraycopy(al, ka, bl, kb, 3);
        System.arraycopy(ah, ma, bh, mb, 2);
        continue;
      }
      combine(al, ka, ah, ma, bl, kb, bh, mb);
    }
  }

  private static void combine(
      long[] al, int ka, long[] ah, int ma, long[] bl, int kb, long[] bh, int mb) {
    double na = al[ka];
    double nb = bl[kb];
    double n = na + nb;
    double meanB = Double.longBitsToDouble(bl[kb + 1]);
    double a2 = Double.longBitsToDouble(al[ka + 2]);
    double b2 = Double.longBitsToDouble(bl[kb + 2]);
    double a3 = Double.longBitsToDouble(ah[ma]);
    double b3 = Double.longBitsToDouble(bh[mb]);
    // The way from a's mean to b's.
    double d = meanB - Double.longBitsToDouble(al[ka + 1]);
    double pa = na / n;
    double pb = nb / n;
    double m4 =
        Double.longBitsToDouble(ah[ma + 1])
            + Double.longBitsToDouble(bh[mb + 1])
            + d * d * d * d * na * pb * (pa * pa - pa * pb + pb * pb)
            + 6 * d * d * (pa * pa * b2 + pb * pb * a2)
            + 4 * d * (pa * b3 - pb * a3);
    double m3 = a3 + b3 + d * d * d * na * pb * (pa - pb) + 3 * d * (pa * b2 - pb * a2);
    bl[kb] += al[ka];
    bl[kb + 1] = Double.doubleToRawLongBits(meanB - d * pa);
    bl[kb + 2] = Double.doubleToRawLongBits(a2 + b2 + d * d * na * pb);
    bh[mb] = Double.doubleToRawLongBits(m3);
    bh[mb + 1] = Double.doubleToRawLongBits(m4);
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    String function = output.function();
    int least = function.equals("skewness") ? 3 : function.equals("kurtosis") ? 4 : 1;
    double[] out = new double[count];
    long[] defined = new long[count];
    for (int i = 0; i < count; i++) {
      long[] a = low.chunks()[groups[i] >>> Longs.SHIFT];
      long[] b = high.chunks()[groups[i] >>> Longs.SHIFT];
      int k = (groups[i] & Longs.MASK) * 3;
      int m = (groups[i] & Longs.MASK) * 2;
      double n = a[k];
      double m2 = Double.longBitsToDouble(a[k + 2]);
      if (n >= least && m2 != 0) {
        defined[i] = 1;
        out[i] =
            value(
                function, n, m2, Double.longBitsToDouble(b[m]), Double.longBitsToDouble(b[m + 1]));
      }
    }
    return new DoubleColumn(output.type(), out, nullsOf(defined, 1, count), count);
  }

  /**
   * Sample skewness and excess kurtosis with the usual corrections for bias, as DuckDB has them.
   */
  private static double value(String function, double n, double m2, double m3, double m4) {
    double variance = m2 / n;
    if (function.equals("skewness")) {
      return Math.sqrt(n * (n - 1)) / (n - 2) * (m3 / n) / Math.pow(variance, 1.5);
    }
    double excess = m4 / n / (variance * variance) - 3;
    return function.equals("kurtosis-pop")
        ? excess
        : (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6);
  }
}
