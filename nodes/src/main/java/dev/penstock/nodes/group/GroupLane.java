package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.KeyTable;
import dev.penstock.nodes.table.Partitions;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sink of one lane of a {@link Group}. When its input ends and there are other lanes, it sorts
 * its groups by partition, so that this runs in parallel too. The state lives until the Group is
 * closed.
 */
final class GroupLane implements Step<Batch> {
  /** With fewer groups, partitions do not pay. */
  static final int SMALL = 4096;

  private final GroupPlan plan;
  private final QueryContext query;
  private final Reservation reservation;
  private final GroupState state;
  private final BooleanSupplier manyLanes;
  private @Nullable Partitions partitions;

  /** For each distinct input, its pairs by partition of their group. */
  private @Nullable Partitions[] pairs = {};

  /**
   * While partitions are merged: the merged group of each group. Each entry is written by the one
   * task that merges its partition.
   */
  private final Ints targets;

  GroupLane(GroupPlan plan, QueryContext query, BooleanSupplier manyLanes) {
    this.plan = plan;
    this.query = query;
    this.manyLanes = manyLanes;
    this.reservation = query.budget().open("group (merge)");
    this.state = new GroupState(plan, query, false);
    this.targets = new Ints(reservation);
  }

  GroupState state() {
    return state;
  }

  @Override
  public Progress step(Inlet<? extends Batch> in, Outlet out) {
    query.token().check();
    Batch batch = in.poll();
    if (batch != null) {
      if (!batch.isEmpty()) {
        state.add(batch);
      }
      return Progress.MOVED;
    }
    if (!in.isDone()) {
      return Progress.STUCK;
    }
    state.ensureAll();
    if (manyLanes.getAsBoolean() && state.groups() > SMALL) {
      partition();
    }
    return Progress.DONE;
  }

  /** Sorts groups, and pairs of distinct inputs, by partition, if that is not done yet. */
  void partition() {
    if (partitions != null) {
      return;
    }
    Partitions made = Partitions.of(state.table(), reservation, query.token());
    pairs = new Partitions[plan.inputs.size()];
    for (int i = 0; i < pairs.length; i++) {
      KeyTable table = state.input(i).pairs();
      if (table != null) {
        pairs[i] = partitionPairs(state.input(i), table, made.labels());
      }
    }
    prepareTargets();
    partitions = made;
  }

  private Partitions partitionPairs(InputState input, KeyTable table, Ints groupLabels) {
    Ints labels = new Ints(reservation);
    labels.ensure(table.groups());
    input.groupsOfPairs(
        (from, groups, count) -> {
          for (int i = 0; i < count; i++) {
            labels.set(from + i, groupLabels.get(groups[i]));
          }
        });
    return Partitions.ofLabels(labels, table.groups(), reservation, query.token());
  }

  /** Before merging without partitions. */
  void prepareTargets() {
    targets.ensure(state.groups());
  }

  @Nullable Partitions partitions() {
    return partitions;
  }

  @Nullable Partitions pairs(int input) {
    return pairs.length == 0 ? null : pairs[input];
  }

  Ints targets() {
    return targets;
  }

  /** Nothing: what the sink holds is read after it is done. */
  @Override
  public void close() {}

  /** Frees everything; called by the Group, possibly twice. */
  void free() {
    state.close();
    reservation.close();
  }
}
