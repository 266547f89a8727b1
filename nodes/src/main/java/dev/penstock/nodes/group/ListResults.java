package dev.penstock.nodes.group;

import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.FlatColumn;

/** The results of a list that was sorted on disk: its values come group by group, each in order. */
abstract class ListResults {
  /**
   * The values of a group follow.
   *
   * @param count how many
   * @param bytes bytes of all of them
   */
  abstract void begin(int group, long count, long bytes);

  /** The next value of the group: a word, or a place in a column. */
  abstract void take(long word, BytesColumn values, int place);

  abstract FlatColumn result(GroupPlan.Output output, int[] groups, int count);
}
