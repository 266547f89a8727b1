package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.group.Aggregate;
import dev.penstock.nodes.group.AggregateStates;
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
  private static final int FANOUT_BITS = 4;
  private static final int FANOUT = 1 << FANOUT_BITS;

  private final QueryContext query;
  private final Aggregate aggregate;
  private final boolean filtered;
  private final List<Argument> args;
  private final SortedRows rows;
  private final FrameRows frame;
  private final FrameParts parts;
  private final FrameParts last;
  private @Nullable AggregateStates tree;

  /** Where the states of each level begin in the tree. */
  private int[] levels = {};

  private int treeStart = -1;

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
    this.args = args;
    this.rows = rows;
    this.frame = frame;
    this.parts = new FrameParts(exclude);
    this.last = new FrameParts(exclude);
  }

  @Override
  public Column evaluate(Block b) {
    int n = b.count;
    int[] of = new int[n];
    int frames = 0;
    try (AggregateStates results = new AggregateStates(query, aggregate, filtered)) {
      for (int i = 0; i < n; ) {
        int begin = i;
        int partition = b.partitionStart[i];
        for (; i < n && b.partitionStart[i] == partition; i++) {
          parts.set(b, frame, i);
          if (i == begin || !parts.same(last)) {
            last.copy(parts);
            if (singleCount + nodeCount > 1 << 16) {
              frames = flush(results, frames);
            }
            split(b, i, frames++);
          }
          of[i] = frames - 1;
        }
        frames = flush(results, frames);
      }
      return results.results(frames).gather(of, n);
    }
  }

  /** Adds what was gathered; the tree may be another one afterwards. */
  private int flush(AggregateStates results, int frames) {
    results.ensure(frames);
    if (singleCount > 0) {
      results.add(columns(singles, singleCount), singlesOf, singleCount);
    }
    AggregateStates states = tree;
    if (nodeCount > 0 && states != null) {
      results.merge(states, nodes, nodesOf, nodeCount);
    }
    singleCount = 0;
    nodeCount = 0;
    query.token().check();
    return frames;
  }

  private Column[] columns(int[] of, int count) {
    Column[] out = new Column[args.size()];
    for (int c = 0; c < out.length; c++) {
      out[c] = rows.at(args.get(c), of, count);
    }
    return out;
  }

  /** Notes the rows and states that make up the frame of row i. */
  private void split(Block b, int i, int number) {
    for (int k = 0; k < parts.count; k++) {
      int from = parts.start[k];
      int to = parts.end[k];
      if (to - from > 2 * FANOUT) {
        build(b.partitionStart[i], b.partitionEnd[i]);
        from -= treeStart;
        to -= treeStart;
        cover(from, to, number);
      } else {
        for (int row = from; row < to; row++) {
          single(row, number);
        }
      }
    }
  }

  /** Positions within the partition. */
  private void cover(int start, int end, int number) {
    int from = start;
    int to = end;
    for (; from < to && (from & FANOUT - 1) != 0; from++) {
      single(treeStart + from, number);
    }
    for (; from < to && (to & FANOUT - 1) != 0; to--) {
      single(treeStart + to - 1, number);
    }
    for (int level = 0; from < to; level++) {
      from >>= FANOUT_BITS;
      to >>= FANOUT_BITS;
      boolean top = level == levels.length - 1;
      for (; from < to && (top || (from & FANOUT - 1) != 0); from++) {
        node(levels[level] + from, number);
      }
      for (; from < to && (to & FANOUT - 1) != 0; to--) {
        node(levels[level] + to - 1, number);
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

  /** Makes the tree of a partition, of whole states only: rows at its end may have none. */
  private void build(int start, int end) {
    if (treeStart == start) {
      return;
    }
    close();
    AggregateStates states = new AggregateStates(query, aggregate, filtered);
    tree = states;
    treeStart = start;
    int size = end - start >> FANOUT_BITS;
    int[] begins = new int[8];
    int depth = 0;
    int total = 0;
    for (int s = size; s > 0; s >>= FANOUT_BITS) {
      begins[depth++] = total;
      total += s;
    }
    levels = Arrays.copyOf(begins, depth);
    states.ensure(total);
    int[] of = new int[SortedRows.READ_ROWS];
    int[] to = new int[SortedRows.READ_ROWS];
    int whole = size << FANOUT_BITS;
    for (int from = 0; from < whole; from += SortedRows.READ_ROWS) {
      query.token().check();
      int n = Math.min(SortedRows.READ_ROWS, whole - from);
      for (int i = 0; i < n; i++) {
        of[i] = start + from + i;
        to[i] = from + i >> FANOUT_BITS;
      }
      states.add(columns(of, n), to, n);
    }
    for (int level = 1; level < depth; level++) {
      size >>= FANOUT_BITS;
      for (int child = 0; child < size << FANOUT_BITS; child += SortedRows.READ_ROWS) {
        int n = Math.min(SortedRows.READ_ROWS, (size << FANOUT_BITS) - child);
        for (int i = 0; i < n; i++) {
          of[i] = levels[level - 1] + child + i;
          to[i] = levels[level] + (child + i >> FANOUT_BITS);
        }
        states.merge(states, of, to, n);
      }
    }
  }

  @Override
  public void close() {
    AggregateStates states = tree;
    tree = null;
    treeStart = -1;
    if (states != null) {
      states.close();
    }
  }
}
