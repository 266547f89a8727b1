package dev.penstock.nodes.window;

import dev.penstock.batch.DataType;

/**
 * Variance and standard deviation: Welford's update, and Chan, Golub and LeVeque's merge (1979). A
 * state: number of values, their mean, the sum of squared distances from it.
 */
final class Moments extends DoubleFold {
  private final boolean population;
  private final boolean root;

  Moments(String name, DataType type, Argument argument, SortedRows rows, FrameRows frame) {
    super(type, argument, rows, frame);
    this.population = name.endsWith("-pop");
    this.root = name.startsWith("stddev");
  }

  @Override
  void take(double[] state, double value) {
    double n = ++state[0];
    double d = value - state[1];
    double mean = state[1] + d / n;
    state[1] = mean;
    state[2] += d * (value - mean);
  }

  @Override
  void merge(double[] state, double[] other) {
    double na = other[0];
    double nb = state[0];
    if (na == 0) {
      return;
    }
    if (nb == 0) {
      System.arraycopy(other, 0, state, 0, 3);
      return;
    }
    double n = na + nb;
    double d = other[1] - state[1];
    state[0] = n;
    state[1] += d * (na / n);
    state[2] += other[2] + d * d * (na / n) * nb;
  }

  @Override
  boolean isNone(double[] state) {
    return state[0] < (population ? 1 : 2);
  }

  @Override
  double result(double[] state) {
    double variance = state[2] / (population ? state[0] : state[0] - 1);
    return root ? Math.sqrt(variance) : variance;
  }
}
