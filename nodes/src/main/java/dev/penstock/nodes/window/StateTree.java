package dev.penstock.nodes.window;

import dev.penstock.nodes.group.AggregateStates;

/**
 * States over the rows of a partition: of 16 rows each, of 16 of these, and so on; whole states
 * only, so that rows at the end may have none. A state is known by its level and its place there.
 */
abstract class StateTree implements AutoCloseable {
  static final int FANOUT_BITS = 4;
  static final int FANOUT = 1 << FANOUT_BITS;

  /** Where the partition begins. */
  final int start;

  /** The number of the first state of each level, and of all states. */
  final int[] levels;

  StateTree(int start, int end) {
    this.start = start;
    int[] begins = new int[10];
    int depth = 0;
    for (int s = end - start >> FANOUT_BITS; s > 0; s >>= FANOUT_BITS) {
      begins[depth + 1] = begins[depth] + s;
      depth++;
    }
    this.levels = java.util.Arrays.copyOf(begins, depth + 1);
  }

  final int depth() {
    return levels.length - 1;
  }

  /** States of a level. */
  final int size(int level) {
    return levels[level + 1] - levels[level];
  }

  /** Adds states, by their numbers, to results. */
  abstract void merge(AggregateStates results, int[] states, int[] to, int count);

  @Override
  public abstract void close();
}
