package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.group.Aggregate;
import dev.penstock.nodes.group.AggregateStates;
import dev.penstock.nodes.sort.Concat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over frames of any shape, whose states are merged: a tree of states over the rows of
 * the partition. A frame is a few rows at its ends and the states between them.
 *
 * <pre>
 * states of 16 * 16 rows  [               ...                )
 * states of 16 rows       [  )[  )[  )[  )[  )[  )[  )[  )[  )
 * rows                    ................................
 * frame                     . .(  )(  )(  )(  ). . .
 * </pre>
 *
 * <p>Frames that are the same as that of the row before share one state.
 */
final class MergedFrames implements Evaluator {
  private static final int FANOUT_BITS = StateTree.FANOUT_BITS;
  private static final int FANOUT = StateTree.FANOUT;

  private static final int DISK_FRAMES = 512;

  /** Their states are 2 KB each. */
  private static final int FRAMES_OF_SKETCHES = 64;

  private static final int DISK_PARTS = 1 << 12;

  private final QueryContext query;
  private final Aggregate aggregate;
  private final boolean filtered;
  private final ArgumentRows arguments;
  private final SortedRows rows;
  private final FrameRows frame;
  private final FrameParts parts;
  private final FrameParts last;
  private @Nullable StateTree tree;

  /** Results that are made at once, and rows and states that are noted at most. */
  private final int mostFrames;

  private final int mostParts;

  // Of the frames of a block: rows and states of the tree, each with the frame it belongs to.
  private int[] singles = new int[1024];
  private int[] singlesOf = new int[1024];
  private int singleCount;
  private int[] nodes = new int[1024];
  private int[] nodesOf = new int[1024];
  private int nodeCount;

  MergedFrames(
      QueryContext query,
      Aggregate aggregate,
      boolean filtered,
      List<Argument> args,
      SortedRows rows,
      FrameRows frame,
      Frame.Exclude exclude) {
    this.query = query;
    this.aggregate = aggregate;
    this.filtered = filtered;
    this.arguments = new ArgumentRows(rows, args);
    this.rows = rows;
    this.frame = frame;
    this.parts = new FrameParts(exclude);
    this.last = new FrameParts(exclude);
    this.mostFrames =
        aggregate.function().equals("approx-count-distinct")
            ? FRAMES_OF_SKETCHES
            : rows.onDisk() == null ? Integer.MAX_VALUE : DISK_FRAMES;
    this.mostParts = rows.onDisk() == null ? 1 << 16 : DISK_PARTS;
  }

  @Override
  public Column evaluate(Block b) {
    List<Column> out = new ArrayList<>();
    for (int from = 0; from < b.count; ) {
      int n = (int) Math.min(b.count - from, (long) mostFrames);
      out.add(evaluate(b, from, n));
      from += n;
    }
    return Concat.of(aggregate.type(), out.toArray(new Column[0]));
  }

  private Column evaluate(Block b, int from, int n) {
    int[] of = new int[n];
    int frames = 0;
    try (AggregateStates results = fresh()) {
      for (int i = from; i < from + n; ) {
        int begin = i;
        int partition = b.partitionStart[i];
        for (; i < from + n && b.partitionStart[i] == partition; i++) {
          parts.set(b, frame, i);
          if (i == begin || !parts.same(last)) {
            last.copy(parts);
            if (singleCount + nodeCount > mostParts) {
              frames = flush(results, frames);
            }
            split(b, i, frames++);
          }
          of[i - from] = frames - 1;
        }
        frames = flush(results, frames);
      }
      return results.results(frames).gather(of, n);
    }
  }

  private AggregateStates fresh() {
    return new AggregateStates(query, aggregate, filtered);
  }

  /** Adds what was gathered; the tree may be another one afterwards. */
  private int flush(AggregateStates results, int frames) {
    results.ensure(frames);
    if (singleCount > 0) {
      results.add(arguments.at(singles, singleCount), singlesOf, singleCount);
    }
    StateTree states = tree;
    if (nodeCount > 0 && states != null) {
      states.merge(results, nodes, nodesOf, nodeCount);
    }
    singleCount = 0;
    nodeCount = 0;
    query.token().check();
    return frames;
  }

  /** Notes the rows and states that make up the frame of row i. */
  private void split(Block b, int i, int number) {
    for (int k = 0; k < parts.count; k++) {
      int from = parts.start[k];
      int to = parts.end[k];
      if (to - from > 2 * FANOUT) {
        StateTree states = tree(b.partitionStart[i], b.partitionEnd[i]);
        cover(states, from - states.start, to - states.start, number);
      } else {
        for (int row = from; row < to; row++) {
          single(row, number);
        }
      }
    }
  }

  /** Positions within the partition. */
  private void cover(StateTree states, int start, int end, int number) {
    int from = start;
    int to = end;
    for (; from < to && (from & FANOUT - 1) != 0; from++) {
      single(states.start + from, number);
    }
    for (; from < to && (to & FANOUT - 1) != 0; to--) {
      single(states.start + to - 1, number);
    }
    for (int level = 0; from < to; level++) {
      from >>= FANOUT_BITS;
      to >>= FANOUT_BITS;
      boolean top = level == states.depth() - 1;
      for (; from < to && (top || (from & FANOUT - 1) != 0); from++) {
        node(states.levels[level] + from, number);
      }
      for (; from < to && (to & FANOUT - 1) != 0; to--) {
        node(states.levels[level] + to - 1, number);
      }
    }
  }

  private void single(int row, int number) {
    if (singleCount == singles.length) {
      singles = Arrays.copyOf(singles, 2 * singleCount);
      singlesOf = Arrays.copyOf(singlesOf, 2 * singleCount);
    }
    singles[singleCount] = row;
    singlesOf[singleCount++] = number;
  }

  private void node(int state, int number) {
    if (nodeCount == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * nodeCount);
      nodesOf = Arrays.copyOf(nodesOf, 2 * nodeCount);
    }
    nodes[nodeCount] = state;
    nodesOf[nodeCount++] = number;
  }

  /** The tree of a partition. */
  private StateTree tree(int start, int end) {
    StateTree made = tree;
    if (made == null || made.start != start) {
      close();
      DiskRows disk = rows.onDisk();
      made =
          disk == null
              ? new HeldTree(arguments, start, end, fresh())
              : new DiskTree(arguments, start, end, disk.workspace(), rows.memory, this::fresh);
      tree = made;
    }
    return made;
  }

  @Override
  public void close() {
    StateTree states = tree;
    tree = null;
    if (states != null) {
      states.close();
    }
  }
}
