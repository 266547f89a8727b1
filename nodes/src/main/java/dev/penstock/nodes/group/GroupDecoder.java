package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.table.Partitions;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of the groups of a {@link Group}: of a range as it is, of a partition by merging it
 * first.
 */
final class GroupDecoder implements Source.Decoder {
  private static final int STRIDE = 2048;

  private final GroupPlan plan;
  private final QueryContext query;
  private final Runnable merged;
  private @Nullable GroupState state;

  /** The state when it is this decoder's own. */
  private @Nullable GroupState own;

  private int next;
  private int end;

  GroupDecoder(GroupPlan plan, QueryContext query, Runnable merged) {
    this.plan = plan;
    this.query = query;
    this.merged = merged;
  }

  @Override
  public void begin(Source.Morsel morsel) {
    if (morsel instanceof Group.Range range) {
      state = range.state();
      next = range.from();
      end = range.to();
      return;
    }
    Group.Part part = (Group.Part) morsel;
    GroupState to = new GroupState(plan, query, part.partition() >= 0);
    own = to;
    for (GroupLane lane : part.lanes()) {
      merge(lane, part.partition(), to);
    }
    to.settle();
    merged.run();
    state = to;
    next = 0;
    end = to.groups();
  }

  private void merge(GroupLane lane, int partition, GroupState to) {
    int[] from = new int[STRIDE];
    int[] target = new int[STRIDE];
    Partitions partitions = lane.partitions();
    int size = partition < 0 ? lane.state().groups() : partitions.size(partition);
    for (int start = 0; start < size; start += STRIDE) {
      query.token().check();
      int n = Math.min(STRIDE, size - start);
      read(partition < 0 ? null : partitions, partition, start, n, from);
      to.merge(lane.state(), from, n, target);
      for (int i = 0; i < n; i++) {
        lane.targets().set(from[i], target[i]);
      }
    }
    for (int input = 0; input < plan.inputs.size(); input++) {
      if (plan.inputs.get(input).distinct()) {
        mergePairs(lane, partition, input, to, from);
      }
    }
  }

  private void mergePairs(GroupLane lane, int partition, int input, GroupState to, int[] numbers) {
    InputState theirs = lane.state().input(input);
    Partitions partitions = partition < 0 ? null : lane.pairs(input);
    int size = partitions == null ? theirs.pairs().groups() : partitions.size(partition);
    for (int start = 0; start < size; start += STRIDE) {
      query.token().check();
      int n = Math.min(STRIDE, size - start);
      read(partitions, partition, start, n, numbers);
      to.input(input).mergePairs(theirs, numbers, n, lane.targets());
    }
  }

  private static void read(
      @Nullable Partitions partitions, int partition, int start, int count, int[] out) {
    if (partitions != null) {
      partitions.read(partition, start, count, out);
      return;
    }
    for (int i = 0; i < count; i++) {
      out[i] = start + i;
    }
  }

  @Override
  public @Nullable Batch next() {
    query.token().check();
    GroupState from = state;
    if (from == null) {
      return null;
    }
    if (next == end) {
      state = null;
      free();
      return null;
    }
    int n = Math.min(query.batchRows(), end - next);
    int[] groups = new int[n];
    for (int i = 0; i < n; i++) {
      groups[i] = next + i;
    }
    next += n;
    return from.result(groups, n);
  }

  private void free() {
    GroupState mine = own;
    own = null;
    if (mine != null) {
      mine.close();
    }
  }

  @Override
  public void close() {
    state = null;
    free();
  }
}
