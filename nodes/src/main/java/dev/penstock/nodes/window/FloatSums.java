package dev.penstock.nodes.window;

import dev.penstock.batch.DataType;

/**
 * sum and avg of doubles, with the lost low parts kept beside the sum (Neumaier). A state: sum,
 * lost part, number of values.
 */
final class FloatSums extends DoubleFold {
  private final boolean average;

  FloatSums(String name, DataType type, Argument argument, SortedRows rows, FrameRows frame) {
    super(type, argument, rows, frame);
    this.average = name.equals("avg");
  }

  @Override
  void take(double[] state, double value) {
    add(state, value);
    state[2]++;
  }

  @Override
  void merge(double[] state, double[] other) {
    add(state, other[0]);
    state[1] += other[1];
    state[2] += other[2];
  }

  private static void add(double[] state, double x) {
    double sum = state[0];
    double t = sum + x;
    state[1] += Math.abs(sum) >= Math.abs(x) ? (sum - t) + x : (x - t) + sum;
    state[0] = t;
  }

  @Override
  boolean isNone(double[] state) {
    return state[2] == 0;
  }

  @Override
  double result(double[] state) {
    // Once infinite or NaN, the lost part means nothing.
    double sum = Double.isFinite(state[0]) ? state[0] + state[1] : state[0];
    return average ? sum / state[2] : sum;
  }
}
