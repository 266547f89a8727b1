package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Partitions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of the groups of a {@link Group}: of a range as it is, of a lane but for what it
 * shares with others, of a partition by merging it first. A partition that does not fit is divided
 * again, and each of its parts merged by itself.
 *
 * <pre>
 * partition of all lanes -> GroupFill -> fits: batches
 *                                     -> divided: partitions -> GroupFill -> ...
 * </pre>
 */
final class GroupDecoder implements Source.Decoder {
  private static final int STRIDE = 2048;

  /** What lists of the groups of a batch have, about. */
  private static final long BATCH_BYTES = 1 << 20;

  private final GroupPlan plan;
  private final Workspace workspace;
  private final int batchRows;
  private final Runnable merged;
  private @Nullable GroupState state;

  /** Whose groups it gives that may be shared; or null. */
  private Group.@Nullable Own ofLane;

  /** What the state belongs to when it is this decoder's own. */
  private @Nullable GroupFill own;

  /** Partitions that were divided, the innermost first. */
  private final Deque<Divided> divided = new ArrayDeque<>();

  private int next;
  private int end;

  GroupDecoder(GroupPlan plan, Workspace workspace, int batchRows, Runnable merged) {
    this.plan = plan;
    this.workspace = workspace;
    this.batchRows = batchRows;
    this.merged = merged;
  }

  /** A fill that is on disk, and which of its partitions comes next. */
  private static final class Divided {
    final GroupFill fill;
    final int level;
    int partition;

    Divided(GroupFill fill, int level) {
      this.fill = fill;
      this.level = level;
    }
  }

  @Override
  public void begin(Source.Morsel morsel) {
    if (morsel instanceof Group.Range range) {
      state = range.state();
      next = range.from();
      end = range.to();
      return;
    }
    if (morsel instanceof Group.Own lane) {
      ofLane = lane;
      state = lane.lane().state();
      next = lane.from();
      end = lane.to();
      return;
    }
    Group.Part part = (Group.Part) morsel;
    int level = part.partition() < 0 ? 0 : 1;
    GroupFill to = new GroupFill(plan, workspace, level);
    own = to;
    for (GroupLane lane : part.lanes()) {
      if (lane.spill() != null) {
        lane.spill().feed(part.partition(), to);
      } else {
        merge(lane, part.partition(), to);
      }
    }
    end(to, level);
    merged.run();
  }

  /** All of a fill is there: gives its groups, or puts it aside. */
  private void end(GroupFill fill, int level) {
    if (fill.settle()) {
      state = fill.state();
      next = 0;
      end = fill.state().groups();
    } else {
      own = null;
      divided.push(new Divided(fill, level));
    }
  }

  private void merge(GroupLane lane, int partition, GroupFill to) {
    Partitions partitions = partition < 0 ? null : lane.partitions();
    int size = partitions == null ? lane.groups() : partitions.size(partition);
    for (int start = 0; start < size; start += STRIDE) {
      workspace.query().token().check();
      int n = Math.min(STRIDE, size - start);
      to.take(new Piece.OfLane(lane, read(partitions, partition, start, n), n));
    }
    for (int input = 0; input < plan.inputs.size(); input++) {
      if (plan.inputs.get(input).distinct()) {
        mergePairs(lane, partition, input, to);
      }
    }
  }

  private void mergePairs(GroupLane lane, int partition, int input, GroupFill to) {
    Partitions partitions = partition < 0 ? null : lane.pairs(input);
    int size =
        partitions == null
            ? lane.state().input(input).pairs().groups()
            : partitions.size(partition);
    for (int start = 0; start < size; start += STRIDE) {
      workspace.query().token().check();
      int n = Math.min(STRIDE, size - start);
      to.take(new Piece.PairsOfLane(lane, input, read(partitions, partition, start, n), n, to));
    }
  }

  private static int[] read(@Nullable Partitions partitions, int partition, int start, int count) {
    int[] out = new int[count];
    if (partitions != null) {
      partitions.read(partition, start, count, out);
      return out;
    }
    for (int i = 0; i < count; i++) {
      out[i] = start + i;
    }
    return out;
  }

  @Override
  public @Nullable Batch next() {
    workspace.query().token().check();
    for (; ; ) {
      GroupState from = state;
      if (from != null && next < end) {
        int n = Math.min(rows(from), end - next);
        int[] groups = new int[n];
        for (int i = 0; i < n; i++) {
          groups[i] = next + i;
        }
        next += n;
        if (ofLane != null) {
          n = ofLane.shared().take(ofLane.lane(), groups, n);
          if (n == 0) {
            workspace.query().token().check();
            continue;
          }
        }
        return from.result(groups, n);
      }
      state = null;
      free();
      if (ofLane != null) {
        SharedKeys shared = ofLane.shared();
        ofLane = null;
        if (shared.isLast()) {
          mergeShared(shared);
          continue;
        }
      }
      if (divided.isEmpty()) {
        workspace.trim();
        return null;
      }
      nextPartition(divided.peek());
    }
  }

  private void mergeShared(SharedKeys shared) {
    GroupFill to = new GroupFill(plan, workspace, 0);
    own = to;
    shared.feed(to, STRIDE);
    end(to, 0);
    merged.run();
  }

  /** How many groups make a batch: fewer where each has a long text. */
  private int rows(GroupState from) {
    if (!plan.hasLists() || from.groups() == 0) {
      return batchRows;
    }
    long bytes = 1 + from.heldBytes() / from.groups();
    return (int) Math.max(1, Math.min(batchRows, BATCH_BYTES / bytes));
  }

  private void nextPartition(Divided of) {
    GroupSpill spill = of.fill.spill();
    while (of.partition < Partitions.COUNT && spill.isEmpty(of.partition)) {
      of.partition++;
    }
    if (of.partition == Partitions.COUNT) {
      divided.pop();
      of.fill.close();
      return;
    }
    GroupFill to = new GroupFill(plan, workspace, of.level + 1);
    own = to;
    spill.feed(of.partition++, to);
    end(to, of.level + 1);
  }

  private void free() {
    GroupFill mine = own;
    own = null;
    if (mine != null) {
      mine.close();
    }
  }

  @Override
  public void close() {
    state = null;
    ofLane = null;
    free();
    divided.forEach(d -> d.fill.close());
    divided.clear();
  }
}
