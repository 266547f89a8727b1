package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Ints;
import dev.penstock.nodes.table.KeyTable;
import dev.penstock.nodes.table.Longs;
import dev.penstock.nodes.table.Partitions;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sink of one lane of a {@link Group}. When its input ends and there are other lanes, it sorts
 * its groups by partition, so that this runs in parallel too; if a part of them is on disk, all go
 * there. What it holds lives until the Group is closed.
 */
final class GroupLane implements Step<Batch> {
  /** With fewer groups, partitions do not pay. */
  static final int SMALL = 4096;

  private final GroupPlan plan;
  private final Workspace workspace;
  private final Reservation reservation;
  private final GroupFill fill;
  private final BooleanSupplier manyLanes;
  private final List<KeyRanges> ranges;
  private @Nullable Partitions partitions;

  /** For each distinct input, its pairs by partition of their group. */
  private @Nullable Partitions[] pairs = {};

  /**
   * While partitions are merged, for pairs: the merged group of each group. Each entry is written
   * by the one task that merges its partition.
   */
  private final Ints targets;

  GroupLane(GroupPlan plan, Workspace workspace, BooleanSupplier manyLanes) {
    this.plan = plan;
    this.workspace = workspace;
    this.manyLanes = manyLanes;
    this.reservation = workspace.query().budget().open("group (merge)");
    this.fill = new GroupFill(plan, workspace, 0);
    this.targets = new Ints(reservation);
    this.ranges = KeyRanges.of(plan, workspace, width -> new Longs(reservation, width, 0));
  }

  /** The keys of its rows, by key; the same keys in each lane. */
  List<KeyRanges> ranges() {
    return ranges;
  }

  /** What is in memory. */
  GroupState state() {
    return fill.state();
  }

  /** What is on disk: then nothing is in memory once the input has ended. */
  @Nullable GroupSpill spill() {
    return fill.spill();
  }

  @Override
  public Progress step(Inlet<? extends Batch> in, Outlet out) {
    workspace.query().token().check();
    Batch batch = in.poll();
    if (batch != null) {
      if (!batch.isEmpty()) {
        for (KeyRanges r : ranges) {
          r.take(batch);
        }
        fill.take(plan.rowExprs, batch);
      }
      return Progress.MOVED;
    }
    if (!in.isDone()) {
      return Progress.STUCK;
    }
    end();
    return Progress.DONE;
  }

  private void end() {
    workspace.settled();
    if (fill.isDivided()) {
      fill.toDisk();
    } else if (manyLanes.getAsBoolean()
        && state().groups() > SMALL
        && ranges.stream().noneMatch(KeyRanges::isOrdered)) {
      partition();
    }
    workspace.trim();
  }

  /** Before {@link #state} is merged: makes the groups that are there without a row. */
  void addEmptyGroups() {
    for (Column[] keys : plan.emptyGroups()) {
      fill.take(new Piece.Empty(keys));
    }
  }

  /** Ends the only lane: whether its state can be read as it is, else it is on disk now. */
  boolean settle() {
    boolean settled = fill.settle();
    workspace.trim();
    return settled;
  }

  /**
   * Sorts groups, and pairs of distinct inputs, by partition, if that is not done yet. Where there
   * is no room for that, everything goes to disk.
   */
  void partition() {
    if (partitions != null || fill.isDivided()) {
      return;
    }
    int n = state().groups();
    long bytes = (plan.distinctInputs ? 3 : 2) * Ints.bytesFor(n);
    for (int i = 0; i < plan.inputs.size(); i++) {
      KeyTable table = state().input(i).pairs();
      bytes += table == null ? 0 : 2 * Ints.bytesFor(table.groups());
    }
    if (!workspace.fits(bytes)) {
      fill.toDisk();
      return;
    }
    Partitions made = Partitions.of(state().table(), reservation, workspace.query().token());
    pairs = new Partitions[plan.inputs.size()];
    for (int i = 0; i < pairs.length; i++) {
      KeyTable table = state().input(i).pairs();
      if (table != null) {
        pairs[i] = partitionPairs(state().input(i), table, made.labels());
      }
    }
    if (plan.distinctInputs) {
      targets.ensure(n);
    }
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
    return Partitions.ofLabels(labels, table.groups(), reservation, workspace.query().token());
  }

  boolean fits(long bytes) {
    return workspace.fits(bytes);
  }

  /** Before merging without partitions; false when it is all on disk instead. */
  boolean prepareTargets() {
    if (!plan.distinctInputs) {
      return true;
    }
    if (!workspace.fits(Ints.bytesFor(state().groups()))) {
      fill.toDisk();
      return false;
    }
    targets.ensure(state().groups());
    return true;
  }

  @Nullable Partitions partitions() {
    return partitions;
  }

  @Nullable Partitions pairs(int input) {
    return pairs.length == 0 ? null : pairs[input];
  }

  /** Groups of this lane went to these groups. */
  void merged(int[] from, int[] to, int count) {
    if (plan.distinctInputs) {
      for (int i = 0; i < count; i++) {
        targets.set(from[i], to[i]);
      }
    }
  }

  Ints targets() {
    return targets;
  }

  /** Groups in memory. */
  int groups() {
    return fill.isDivided() ? 0 : state().groups();
  }

  /** Whether a partition has something of this lane. */
  boolean has(int partition) {
    GroupSpill onDisk = fill.spill();
    return onDisk != null ? !onDisk.isEmpty(partition) : partitions.size(partition) > 0;
  }

  /** Nothing: what the sink holds is read after it is done. */
  @Override
  public void close() {}

  /** Frees everything; called by the Group, possibly twice. */
  void free() {
    fill.close();
    reservation.close();
    workspace.close();
  }
}
