package dev.penstock.nodes.group;

import java.util.List;

/**
 * Where a percentile lies among sorted values, as in SQL's {@code percentile_cont} and {@code
 * percentile_disc}.
 */
final class Percentile {
  private Percentile() {}

  /** The index of the least value that has the share of values at or before it. */
  static long discrete(List<Object> parameters, long size) {
    double share = ((Number) parameters.get(0)).doubleValue();
    boolean descending = parameters.size() > 1 && (Boolean) parameters.get(1);
    long k = Math.max(0, Math.min(size - 1, (long) Math.ceil(share * size) - 1));
    return descending ? size - 1 - k : k;
  }

  /** The place between values, counted from 0. */
  static double continuous(List<Object> parameters, long size) {
    double share = ((Number) parameters.get(0)).doubleValue();
    boolean descending = parameters.size() > 1 && (Boolean) parameters.get(1);
    double at = share * (size - 1);
    return descending ? size - 1 - at : at;
  }

  /** The number at a share of the way from low to high. */
  static double between(double low, double high, double share) {
    return low == high ? low : low * (1 - share) + high * share;
  }
}
