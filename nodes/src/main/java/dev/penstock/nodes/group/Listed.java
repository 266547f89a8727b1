package dev.penstock.nodes.group;

import dev.penstock.batch.FlatColumn;
import dev.penstock.nodes.spill.Workspace;
import java.util.List;

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

  // ------------------------------------------------------------------ when they do not fit memory

  /** How many values there are. */
  int items();

  /** Bytes of a value without what it is sorted by. */
  int valueBytes(int item);

  /**
   * These values as rows of a {@link ListSort}: a word, a key and a value.
   *
   * @param numbers the order in which they came
   */
  FlatColumn[] sortItems(int[] items, long[] numbers, int count);

  /** Forgets all values; there is room for so many groups again. */
  void clear(int groups);

  /** From now on results are those that this gets from a sort. */
  ListResults sorted(List<GroupPlan.Output> outputs, int groups, Workspace workspace);
}
