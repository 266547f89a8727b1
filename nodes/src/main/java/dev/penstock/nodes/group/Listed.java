package dev.penstock.nodes.group;

import dev.penstock.batch.FlatColumn;

/**
 * An accumulator whose state is a list of values for each group. Its state is spilled value by
 * value, so that no group needs memory twice.
 */
interface Listed {
  /** The first value of a group, negative for none. */
  int first(int group);

  /** The value after this one, negative after the last. */
  int next(int item);

  /** Bytes of a value. */
  int itemBytes(int item);

  /** These values as columns. */
  FlatColumn[] saveItems(int[] items, int count);

  /** Adds saved values, each to its group; there is room for the groups. */
  void addItems(FlatColumn[] columns, int[] groups, int count);
}
