package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.nodes.spill.Workspace;
import java.util.Arrays;
import java.util.List;

/**
 * One aggregate over rows that come once, in a bounded memory: of a frame whose values do not fit.
 * Lists are sorted on disk and read once, different values divided by their hash there, as in a
 * {@link Group} with one group.
 *
 * <p>Rows come as columns: the arguments, then the sort keys, then the filter if there is one.
 *
 * <p>Not thread-safe.
 */
public final class OneGroup implements AutoCloseable {
  /** So deep that a group is not divided: there is but one. */
  private static final int LEVEL = 1;

  private final GroupPlan plan;
  private final boolean filtered;
  private final Workspace workspace;
  private final GroupFill fill;

  /**
   * @param workspace with at least {@link #leastBytes}; used by nobody else until this is closed
   * @param aggregate its arguments and sort keys are the first columns of the rows that will come;
   *     it has no filter of its own
   * @param filtered a boolean column stands behind them
   */
  public OneGroup(Workspace workspace, Aggregate aggregate, boolean filtered) {
    this.plan = plan(aggregate);
    this.filtered = filtered;
    this.workspace = workspace;
    this.fill = new GroupFill(plan, workspace, LEVEL);
  }

  private static GroupPlan plan(Aggregate aggregate) {
    return new GroupPlan(List.of(), List.of(), List.of(aggregate), null);
  }

  /** With so much it can always go on, but for a text, which must fit as a whole. */
  public static long leastBytes(Aggregate aggregate) {
    return plan(aggregate).leastBytesOfMerge();
  }

  /** Takes the first count rows of columns. */
  public void add(Column[] columns, int count) {
    workspace.query().token().check();
    if (!filtered) {
      fill.take(plan.rowExprs, Batch.of(count, columns));
      return;
    }
    FlatColumn passes = columns[columns.length - 1].flat(null, count);
    int[] positions = new int[count];
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (!passes.isNull(i) && ((BitColumn) passes).get(i)) {
        positions[n++] = i;
      }
    }
    if (n > 0) {
      Column[] used = Arrays.copyOf(columns, columns.length - 1);
      fill.take(plan.rowExprs, Batch.of(count, used).withSelection(positions, n));
    }
  }

  /**
   * The result over all rows, of length 1; nothing may be added after it. Its memory is that of
   * this: it is closed when the result is not needed any more.
   */
  public FlatColumn result() {
    if (fill.state().groups() == 0) {
      for (Column[] keys : plan.emptyGroups()) {
        fill.take(new Piece.Empty(keys));
      }
    }
    if (!fill.settle()) {
      throw new IllegalStateException("one group was divided");
    }
    return fill.state().result(new int[1], 1).column(0).flat(null, 1);
  }

  @Override
  public void close() {
    fill.close();
    workspace.trim();
  }
}
