package dev.penstock.nodes.group;

import dev.penstock.batch.DoubleColumn;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.table.Longs;
import org.jspecify.annotations.Nullable;

/**
 * Covariance, correlation and linear regression of y (first argument) on x (second argument), by
 * the stable updates and merges of Chan, Golub and LeVeque (1979), as in {@link Moments}.
 *
 * <pre>
 * means    count, mean of x, mean of y
 * squares  sum of (x - mean)^2, of (y - mean)^2, of (x - mean)(y - mean)
 * </pre>
 *
 * <p>All but the count are the bits of doubles.
 */
final class CoMoments extends Accumulator {
  private final Longs means;
  private final Longs squares;

  CoMoments(Reservation reservation) {
    this.means = new Longs(reservation, 3, 0);
    this.squares = new Longs(reservation, 3, 0);
  }

  @Override
  Longs[] words() {
    return new Longs[] {means, squares};
  }

  @Override
  void ensure(int n) {
    means.ensure(n);
    squares.ensure(n);
  }

  @Override
  void add(FlatColumn[] values, int[][] at, int @Nullable [] groups, int count) {
    double[] ys = ((DoubleColumn) values[0]).values();
    double[] xs = ((DoubleColumn) values[1]).values();
    int[] yAt = at[0];
    int[] xAt = at[1];
    long[][] meanChunks = means.chunks();
    long[][] squareChunks = squares.chunks();
    for (int i = 0; i < count; i++) {
      int g = groups == null ? 0 : groups[i];
      long[] m = meanChunks[g >>> Longs.SHIFT];
      long[] s = squareChunks[g >>> Longs.SHIFT];
      int k = (g & Longs.MASK) * 3;
      double x = xs[xAt[i]];
      double y = ys[yAt[i]];
      long n = ++m[k];
      double dx = x - get(m, k + 1);
      double dy = y - get(m, k + 2);
      double meanX = get(m, k + 1) + dx / n;
      double meanY = get(m, k + 2) + dy / n;
      set(m, k + 1, meanX);
      set(m, k + 2, meanY);
      set(s, k, get(s, k) + dx * (x - meanX));
      set(s, k + 1, get(s, k + 1) + dy * (y - meanY));
      set(s, k + 2, get(s, k + 2) + dx * (y - meanY));
    }
  }

  private static double get(long[] words, int i) {
    return Double.longBitsToDouble(words[i]);
  }

  private static void set(long[] words, int i, double v) {
    words[i] = Double.doubleToRawLongBits(v);
  }

  @Override
  void merge(Accumulator other, int[] from, int[] to, int count) {
    CoMoments in = (CoMoments) other;
    for (int i = 0; i < count; i++) {
      long[] am = in.means.chunks()[from[i] >>> Longs.SHIFT];
      long[] as = in.squares.chunks()[from[i] >>> Longs.SHIFT];
      int a = (from[i] & Longs.MASK) * 3;
      long[] bm = means.chunks()[to[i] >>> Longs.SHIFT];
      long[] bs = squares.chunks()[to[i] >>> Longs.SHIFT];
      int b = (to[i] & Longs.MASK) * 3;
      if (am[a] == 0) {
        continue;
      }
      if (bm[b] == 0) {
        System.arraycopy(am, a, bm, b, 3);
        System.arraycopy(as, a, bs, b, 3);
        continue;
      }
      double n = (double) am[a] + bm[b];
      double share = am[a] / n;
      double weight = share * bm[b];
      double dx = get(am, a + 1) - get(bm, b + 1);
      double dy = get(am, a + 2) - get(bm, b + 2);
      set(bs, b, get(bs, b) + get(as, a) + dx * dx * weight);
      set(bs, b + 1, get(bs, b + 1) + get(as, a + 1) + dy * dy * weight);
      set(bs, b + 2, get(bs, b + 2) + get(as, a + 2) + dx * dy * weight);
      set(bm, b + 1, get(bm, b + 1) + dx * share);
      set(bm, b + 2, get(bm, b + 2) + dy * share);
      bm[b] += am[a];
    }
  }

  @Override
  FlatColumn result(GroupPlan.Output output, int[] groups, long[] valueCounts, int count) {
    if (output.function().equals("regr-count")) {
      return new LongColumn(output.type(), valueCounts.clone(), null, count);
    }
    double[] out = new double[count];
    long[] defined = new long[count];
    for (int i = 0; i < count; i++) {
      long[] m = means.chunks()[groups[i] >>> Longs.SHIFT];
      long[] s = squares.chunks()[groups[i] >>> Longs.SHIFT];
      int k = (groups[i] & Longs.MASK) * 3;
      boolean known = m[k] > 0 && isDefined(output.function(), m[k], get(s, k), get(s, k + 1));
      defined[i] = known ? 1 : 0;
      if (known) {
        out[i] = value(output.function(), m, s, k);
      }
    }
    return new DoubleColumn(output.type(), out, nullsOf(defined, 1, count), count);
  }

  private static boolean isDefined(String function, long n, double xx, double yy) {
    return switch (function) {
      case "covar-samp" -> n > 1;
      case "corr" -> xx != 0 && yy != 0;
      case "regr-slope", "regr-intercept", "regr-r2" -> xx != 0;
      default -> true;
    };
  }

  private static double value(String function, long[] m, long[] s, int k) {
    long n = m[k];
    double xx = get(s, k);
    double yy = get(s, k + 1);
    double xy = get(s, k + 2);
    return switch (function) {
      case "covar-pop" -> xy / n;
      case "covar-samp" -> xy / (n - 1);
      case "corr" -> Math.max(-1, Math.min(1, xy / (Math.sqrt(xx) * Math.sqrt(yy))));
      case "regr-slope" -> xy / xx;
      case "regr-intercept" -> get(m, k + 2) - xy / xx * get(m, k + 1);
      case "regr-r2" -> yy == 0 ? 1 : xy / xx * (xy / yy);
      case "regr-avgx" -> get(m, k + 1);
      case "regr-avgy" -> get(m, k + 2);
      case "regr-sxx" -> xx;
      case "regr-syy" -> yy;
      case "regr-sxy" -> xy;
      default -> throw new IllegalArgumentException(function);
    };
  }
}
