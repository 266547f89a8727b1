package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.BitColumn;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.Positions;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Longs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of one aggregate over numbered groups, for whoever knows by himself which row belongs
 * to which group: frames of a window. Rows come as columns: the arguments, then the sort keys, then
 * the filter if there is one.
 *
 * <p>Not thread-safe.
 */
public final class AggregateStates implements AutoCloseable {
  private final GroupPlan plan;
  private final int columns;
  private final boolean filtered;
  private final Reservation reservation;
  private final Longs rows;
  private final @Nullable InputState input;
  private int groupCount;
  private boolean settled;

  /**
   * @param aggregate its arguments and sort keys are the first columns of the rows that will come;
   *     it has no filter of its own
   * @param filtered a boolean column stands behind them
   */
  public AggregateStates(QueryContext query, Aggregate aggregate, boolean filtered) {
    this.plan = new GroupPlan(List.of(), List.of(), List.of(aggregate), null);
    this.filtered = filtered;
    this.reservation = query.budget().open("window (frames)");
    this.rows = new Longs(reservation);
    GroupPlan.Input in = plan.inputs.isEmpty() ? null : plan.inputs.get(0);
    this.columns = in == null ? 0 : in.exprs().size();
    this.input = in == null ? null : new InputState(in, query, reservation);
    if (input != null) {
      input.beFrugal(); // frames have few values each: a large index would not pay
    }
  }

  /**
   * Whether states are small and can be merged, so that those of parts of a frame can be kept; else
   * a state is a list of all values, or knows the different ones.
   */
  public static boolean isMergeable(Aggregate aggregate) {
    if (aggregate.arguments().isEmpty()) {
      return true;
    }
    StateKind kind = StateKind.of(aggregate.function(), aggregate.arguments().get(0).type());
    boolean small = kind == null || !kind.listed();
    return small && (!aggregate.distinct() || StateKind.ignoresRepeats(kind));
  }

  /** How many arguments an aggregate takes; UNSUPPORTED when there is none of the name. */
  public static int arguments(String function) {
    StateKind kind = StateKind.of(function, DataType.INT64);
    return kind == null ? 1 : kind.arguments();
  }

  /** Makes room for groups 0 until n. */
  public void ensure(int n) {
    groupCount = Math.max(groupCount, n);
    rows.ensure(groupCount);
    if (input != null) {
      input.ensure(groupCount);
    }
  }

  /** Takes the first count rows of columns; row i belongs to {@code groups[i]}. */
  public void add(Column[] of, int[] groups, int count) {
    int[] positions = Positions.identity(count);
    int[] groupsOf = groups;
    int n = count;
    if (filtered) {
      FlatColumn passes = of[of.length - 1].flat(null, count);
      positions = new int[count];
      groupsOf = new int[count];
      n = 0;
      for (int i = 0; i < count; i++) {
        if (!passes.isNull(i) && ((BitColumn) passes).get(i)) {
          positions[n] = i;
          groupsOf[n++] = groups[i];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      rows.set(groupsOf[i], rows.get(groupsOf[i]) + 1);
    }
    if (input != null && n > 0) {
      Column[] used = of.length == columns ? of : java.util.Arrays.copyOf(of, columns);
      input.add(used, positions, groupsOf, n, groupCount);
    }
  }

  /**
   * Whether the workspace has room for what {@link #add} will reserve. Rows of one group, the first
   * one.
   */
  public boolean fits(Workspace workspace, Column[] of, int count) {
    InputState to = input;
    if (to == null) {
      return true;
    }
    Column[] used = of.length == columns ? of : java.util.Arrays.copyOf(of, columns);
    int[] positions = Positions.identity(count);
    int[] groups = new int[count];
    if (to.pairs() != null) {
      long packing = to.packingGrowth(used, positions, groups, count);
      if (packing > 0 && !workspace.fits(packing)) {
        return false;
      }
    }
    return workspace.fits(to.growth(used, positions, groups, count, groupCount));
  }

  /** Whether the workspace has room for what {@link #results} of the first group reserves. */
  public boolean settles(Workspace workspace) {
    InputState of = input;
    if (of == null) {
      return true;
    }
    if (!workspace.fits(of.settleGrowth(groupCount))) {
      return false;
    }
    of.settle(groupCount);
    settled = true;
    GroupPlan.Output output = plan.outputs.get(0);
    return output.accumulator() < 0
        || !(of.accumulator(output.accumulator()) instanceof Texts texts)
        || workspace.fits(texts.textBytes(output, 0));
  }

  /** Adds states of other, or of this one, to those of here; both have room for them. */
  public void merge(AggregateStates other, int[] from, int[] to, int count) {
    for (int i = 0; i < count; i++) {
      rows.set(to[i], rows.get(to[i]) + other.rows.get(from[i]));
    }
    if (input != null && other.input != null) {
      input.merge(other.input, from, to, count, groupCount, true);
    }
  }

  /** The states of groups 0 until count, as {@link #mergeSaved} takes them. */
  public Batch save(int count) {
    int[] groups = Positions.identity(count);
    long[] counts = new long[count];
    for (int i = 0; i < count; i++) {
      counts[i] = rows.get(i);
    }
    List<Column> out = new ArrayList<>();
    out.add(new LongColumn(DataType.INT64, counts, null, count));
    if (input != null) {
      input.save(groups, count, out);
    }
    return Batch.of(count, out.toArray(new Column[0]));
  }

  /** Adds saved states to those of here; there is room for them. */
  public void mergeSaved(Batch saved, int[] to) {
    long[] counts = ((LongColumn) saved.column(0)).values();
    for (int i = 0; i < saved.count(); i++) {
      rows.set(to[i], rows.get(to[i]) + counts[i]);
    }
    if (input != null) {
      input.mergeSaved(saved, 1, to, groupCount);
    }
  }

  /** The results of groups 0 until count; nothing may be added after it. */
  public FlatColumn results(int count) {
    ensure(count);
    if (input != null && !settled) {
      input.settle(groupCount);
    }
    int[] groups = Positions.identity(count);
    long[] counts = new long[count];
    GroupPlan.Output output = plan.outputs.get(0);
    if (input == null) {
      for (int i = 0; i < count; i++) {
        counts[i] = rows.get(i);
      }
    } else {
      input.valueCounts(rows, groups, count, counts);
    }
    if (input == null || output.accumulator() < 0) {
      return ValueColumn.ofWords(output.type(), counts, null, count);
    }
    return input.accumulator(output.accumulator()).result(output, groups, counts, count);
  }

  @Override
  public void close() {
    if (input != null) {
      input.close();
    }
    reservation.close();
  }
}
