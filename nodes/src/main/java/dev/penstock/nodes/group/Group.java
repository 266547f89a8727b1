package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.expr.Expr;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Partitions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
 * partition that is merged frees the lanes. Where rows came in the order of a key, decoders give
 * the groups of a lane as they are, and the last one merges the few that lanes share ({@link
 * SharedKeys}).
 */
public final class Group implements Breaker {
  private static final int MORSEL_GROUPS = 1 << 16;

  private final QueryContext query;
  private final GroupPlan plan;
  private final List<GroupLane> lanes = new ArrayList<>();
  private final AtomicInteger unmerged = new AtomicInteger();

  /** The memory of lanes and decoders that do not run yet, and of those that did. */
  private final Deque<Workspace> forLanes = new ArrayDeque<>();

  private final Deque<Workspace> forDecoders = new ArrayDeque<>();
  private final List<Workspace> opened = new ArrayList<>();
  private @Nullable SharedKeys shared;

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
    try {
      for (int lane = 0; lane < query.lanes(); lane++) {
        forLanes.add(open("group", plan.leastBytes()));
        forDecoders.add(open("group (merge)", plan.leastBytesOfMerge()));
      }
    } catch (PenstockException e) {
      close();
      throw e;
    }
  }

  private Workspace open(String name, long leastBytes) {
    Workspace made = Workspace.open(query, name, leastBytes);
    opened.add(made);
    return made;
  }

  @Override
  public Step<Batch> sink(int lane) {
    synchronized (lanes) {
      Workspace workspace =
          forLanes.isEmpty() ? open("group", plan.leastBytes()) : forLanes.remove();
      GroupLane made = new GroupLane(plan, workspace, this::manyLanes);
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
    forLanes.forEach(Workspace::close);
    GroupLane first = lanes.get(0);
    if (first.groups() == 0 && first.spill() == null) {
      first.addEmptyGroups();
    }
    List<GroupLane> filled = new ArrayList<>();
    long total = 0;
    boolean spilled = false;
    for (GroupLane lane : lanes) {
      if (lane.groups() > 0 || lane.spill() != null) {
        filled.add(lane);
        total += lane.groups();
        spilled |= lane.spill() != null;
      }
    }
    if (filled.isEmpty()) {
      return List.of();
    }
    if (filled.size() == 1 && !spilled && first(filled).settle()) {
      return ranges(first(filled).state());
    }
    if (filled.size() > 1 && !spilled && total <= 2L * GroupLane.SMALL && prepared(filled)) {
      unmerged.set(1);
      return List.of(new Part(filled, -1));
    }
    if (filled.size() > 1 && !spilled) {
      List<Source.Morsel> own = own(filled);
      if (!own.isEmpty()) {
        return own;
      }
    }
    List<Source.Morsel> parts = new ArrayList<>();
    for (GroupLane lane : filled) {
      lane.partition();
    }
    for (int p = 0; p < Partitions.COUNT; p++) {
      int partition = p;
      if (filled.stream().anyMatch(lane -> lane.has(partition))) {
        parts.add(new Part(filled, p));
      }
    }
    unmerged.set(parts.size());
    return parts;
  }

  private static GroupLane first(List<GroupLane> of) {
    return of.get(0);
  }

  private static boolean prepared(List<GroupLane> all) {
    boolean prepared = true;
    for (GroupLane lane : all) {
      prepared &= lane.prepareTargets();
    }
    return prepared;
  }

  /** One lane has everything: its groups need no merging. */
  private static List<Source.Morsel> ranges(GroupState state) {
    List<Source.Morsel> out = new ArrayList<>();
    for (int from = 0; from < state.groups(); from += MORSEL_GROUPS) {
      out.add(new Range(state, from, Math.min(state.groups(), from + MORSEL_GROUPS)));
    }
    return out;
  }

  /** Rows came in order: lanes share few groups, and the others need no merging. Else nothing. */
  private List<Source.Morsel> own(List<GroupLane> filled) {
    SharedKeys made = SharedKeys.of(plan, filled, query);
    if (made == null) {
      return List.of();
    }
    shared = made;
    boolean settled = true;
    for (GroupLane lane : filled) {
      settled &= lane.settle();
    }
    if (!settled) {
      made.close();
      return List.of();
    }
    List<Source.Morsel> out = new ArrayList<>();
    for (GroupLane lane : filled) {
      for (int from = 0; from < lane.groups(); from += MORSEL_GROUPS) {
        out.add(new Own(lane, made, from, Math.min(lane.groups(), from + MORSEL_GROUPS)));
      }
    }
    made.expect(out.size());
    unmerged.set(1);
    return out;
  }

  @Override
  public Source.Decoder decoder() {
    synchronized (lanes) {
      Workspace workspace =
          forDecoders.isEmpty()
              ? open("group (merge)", plan.leastBytesOfMerge())
              : forDecoders.remove();
      return new GroupDecoder(plan, workspace, query.batchRows(), this::merged);
    }
  }

  /** A partition was merged; the last one frees the lanes. */
  private void merged() {
    if (unmerged.decrementAndGet() == 0) {
      lanes.forEach(GroupLane::free);
    }
  }

  @Override
  public void close() {
    SharedKeys made = shared;
    if (made != null) {
      made.close();
    }
    lanes.forEach(GroupLane::free);
    opened.forEach(Workspace::close);
  }

  /** Groups of a state that are ready to be given. */
  record Range(GroupState state, int from, int to) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return state.heldBytes() * (to - from) / Math.max(1, state.groups());
    }
  }

  /** Groups of a lane that are ready to be given, but for those that are shared. */
  record Own(GroupLane lane, SharedKeys shared, int from, int to) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return lane.state().heldBytes() * (to - from) / Math.max(1, lane.groups());
    }
  }

  /** A partition of all lanes, or all of them (-1). */
  record Part(List<GroupLane> lanes, int partition) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      long held = 0;
      for (GroupLane lane : lanes) {
        held += lane.spill() == null ? lane.state().heldBytes() : 0;
      }
      return partition < 0 ? held : held / Partitions.COUNT;
    }
  }
}
