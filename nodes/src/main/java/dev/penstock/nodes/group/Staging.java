package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BytesColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Positions;
import dev.penstock.monitor.Reservation;
import org.jspecify.annotations.Nullable;

/**
 * Brings saved states of the accumulators of one input back: they are loaded into accumulators of
 * their own, and merged from there. Not thread-safe.
 */
final class Staging {
  private final GroupPlan.Input input;
  private final Accumulator[] accumulators;
  private final Reservation reservation;
  private final @Nullable Accumulator[] stages;

  Staging(GroupPlan.Input input, Accumulator[] accumulators, Reservation reservation) {
    this.input = input;
    this.accumulators = accumulators;
    this.reservation = reservation;
    this.stages = new Accumulator[accumulators.length];
  }

  /** How many columns the saved states have. */
  int savedColumns() {
    int n = 0;
    for (Accumulator a : accumulators) {
      n += a.savedColumns();
    }
    return n;
  }

  private Accumulator stage(int i) {
    Accumulator stage = stages[i];
    if (stage == null) {
      stage = Accumulator.of(input.accumulators().get(i), input, reservation);
      stages[i] = stage;
    }
    return stage;
  }

  /**
   * Bytes that {@link #merge} reserves at most.
   *
   * @param column the first of the saved states
   */
  long growth(Batch saved, int column, int groupCount) {
    int count = saved.count();
    long sum = 0;
    int c = column;
    for (int i = 0; i < accumulators.length; i++) {
      Accumulator a = accumulators[i];
      long bytes = 0;
      for (int k = 0; k < a.savedColumns(); k++) {
        bytes += bytesOf(saved.column(c++), count);
      }
      sum += a.growth(groupCount, count, bytes) + stage(i).growth(count, count, bytes);
    }
    return sum;
  }

  private static long bytesOf(Column column, int count) {
    return column instanceof BytesColumn b ? b.offsets()[count] : 0;
  }

  /** Adds the saved states to these groups. */
  void merge(Batch saved, int column, int[] to) {
    int count = saved.count();
    int c = column;
    for (int i = 0; i < accumulators.length; i++) {
      FlatColumn[] columns = new FlatColumn[accumulators[i].savedColumns()];
      for (int k = 0; k < columns.length; k++) {
        columns[k] = (FlatColumn) saved.column(c++);
      }
      if (columns.length > 0) {
        Accumulator stage = stage(i);
        stage.load(columns, count);
        accumulators[i].merge(stage, Positions.identity(count), to, count);
      }
    }
  }
}
