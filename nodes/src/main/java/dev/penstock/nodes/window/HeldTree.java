package dev.penstock.nodes.window;

import dev.penstock.nodes.group.AggregateStates;

/** All states in memory. */
final class HeldTree extends StateTree {
  private final AggregateStates states;

  /**
   * @param fresh no states yet; closed with this
   */
  HeldTree(ArgumentRows rows, int start, int end, AggregateStates fresh) {
    super(start, end);
    this.states = fresh;
    try {
      build(rows);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void build(ArgumentRows rows) {
    states.ensure(levels[depth()]);
    int[] of = new int[SortedRows.READ_ROWS];
    int[] to = new int[SortedRows.READ_ROWS];
    int whole = size(0) << FANOUT_BITS;
    for (int from = 0; from < whole; from += SortedRows.READ_ROWS) {
      int n = Math.min(SortedRows.READ_ROWS, whole - from);
      for (int i = 0; i < n; i++) {
        of[i] = start + from + i;
        to[i] = from + i >> FANOUT_BITS;
      }
      states.add(rows.at(of, n), to, n);
    }
    for (int level = 1; level < depth(); level++) {
      int children = size(level) << FANOUT_BITS;
      for (int child = 0; child < children; child += SortedRows.READ_ROWS) {
        int n = Math.min(SortedRows.READ_ROWS, children - child);
        for (int i = 0; i < n; i++) {
          of[i] = levels[level - 1] + child + i;
          to[i] = levels[level] + (child + i >> FANOUT_BITS);
        }
        states.merge(states, of, to, n);
      }
    }
  }

  @Override
  void merge(AggregateStates results, int[] numbers, int[] to, int count) {
    results.merge(states, numbers, to, count);
  }

  @Override
  public void close() {
    states.close();
  }
}
