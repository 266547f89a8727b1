package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Groups rows by keys and computes aggregates: one output row for each group, keys first. Null keys
 * form a group. Without keys there is exactly one row, also for no input. The order of the output
 * is not defined.
 *
 * <pre>
 * lane 0: rows -> GroupState --\            partition 0 of all lanes -> GroupState -> batches
 * lane 1: rows -> GroupState ----finish()-- partition 1 of all lanes -> GroupState -> batches
 * ...                         /             ...                         (morsels, in parallel)
 * </pre>
 *
 * <p>With grouping sets every row counts once in each set; keys that are not in a set are null in
 * its rows.
 *
 * <p>Errors: INCORRECT {@code overflow} when a final sum does not fit its type; LIMIT when the
 * groups do not fit the budget.
 *
 * <p>Concurrency: each lane writes its own state only; {@code finish} reads them all after all
 * lanes are done; then decoders read them, and each merges partitions of its own. The last
 * partition that is merged frees the lanes.
 */
public final class Group implements Breaker {
  private static final int MORSEL_GROUPS = 1 << 16;

  private final QueryContext query;
  private final GroupPlan plan;
  private final List<GroupLane> lanes = new ArrayList<>();
  private final AtomicInteger unmerged = new AtomicInteger();

  /**
   * @param keys over the columns of the input; may be empty
   * @param sets grouping sets: each the ordinals of its keys; null for the one set of all keys
   */
  public Group(
      QueryContext query,
      List<? extends Expr> keys,
      List<Aggregate> aggregates,
      @Nullable List<int[]> sets) {
    this(query, new GroupPlan(keys, List.of(), aggregates, sets));
  }

  Group(QueryContext query, GroupPlan plan) {
    this.query = query;
    this.plan = plan;
  }

  @Override
  public Step<Batch> sink(int lane) {
    synchronized (lanes) {
      GroupLane made = new GroupLane(plan, query, this::manyLanes);
      lanes.add(made);
      return made;
    }
  }

  private boolean manyLanes() {
    synchronized (lanes) {
      return lanes.size() > 1;
    }
  }

  @Override
  public List<? extends Source.Morsel> finish() {
    if (lanes.isEmpty()) {
      sink(0);
    }
    GroupLane first = lanes.get(0);
    if (first.state().groups() == 0) {
      first.state().addEmptyGroups();
      first.state().ensureAll();
    }
    List<GroupLane> filled = new ArrayList<>();
    long total = 0;
    for (GroupLane lane : lanes) {
      if (lane.state().groups() > 0) {
        filled.add(lane);
        total += lane.state().groups();
      }
    }
    if (filled.isEmpty()) {
      return List.of();
    }
    if (filled.size() == 1) {
      return ranges(filled.get(0).state());
    }
    if (total <= 2L * GroupLane.SMALL) {
      filled.forEach(GroupLane::prepareTargets);
      unmerged.set(1);
      return List.of(new Part(filled, -1));
    }
    List<Source.Morsel> parts = new ArrayList<>();
    for (GroupLane lane : filled) {
      lane.partition();
    }
    for (int p = 0; p < dev.penstock.nodes.table.Partitions.COUNT; p++) {
      parts.add(new Part(filled, p));
    }
    unmerged.set(parts.size());
    return parts;
  }

  /** One lane has everything: its groups need no merging. */
  private static List<Source.Morsel> ranges(GroupState state) {
    state.settle();
    List<Source.Morsel> out = new ArrayList<>();
    for (int from = 0; from < state.groups(); from += MORSEL_GROUPS) {
      out.add(new Range(state, from, Math.min(state.groups(), from + MORSEL_GROUPS)));
    }
    return out;
  }

  @Override
  public Source.Decoder decoder() {
    return new GroupDecoder(plan, query, this::merged);
  }

  /** A partition was merged; the last one frees the lanes. */
  private void merged() {
    if (unmerged.decrementAndGet() == 0) {
      lanes.forEach(GroupLane::free);
    }
  }

  @Override
  public void close() {
    lanes.forEach(GroupLane::free);
  }

  /** Groups of a state that are ready to be given. */
  record Range(GroupState state, int from, int to) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return state.heldBytes() * (to - from) / Math.max(1, state.groups());
    }
  }

  /** A partition of all lanes, or all of them (-1). */
  record Part(List<GroupLane> lanes, int partition) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      long held = 0;
      for (GroupLane lane : lanes) {
        held += lane.state().heldBytes();
      }
      return partition < 0 ? held : held / dev.penstock.nodes.table.Partitions.COUNT;
    }
  }
}
