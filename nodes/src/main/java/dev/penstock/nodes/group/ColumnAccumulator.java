package dev.penstock.nodes.group;

import dev.penstock.batch.FlatColumn;
import org.jspecify.annotations.Nullable;

/** An accumulator of one column, whose values are not null. */
abstract class ColumnAccumulator extends Accumulator {
  /**
   * Takes values: row i has {@code values[at[i]]}, and belongs to {@code groups[i]}.
   *
   * @param groups null when all rows belong to group 0
   */
  abstract void add(FlatColumn values, int[] at, int @Nullable [] groups, int count);

  @Override
  final void add(FlatColumn[] values, int[][] at, int @Nullable [] groups, int count) {
    add(values[0], at[0], groups, count);
  }
}
