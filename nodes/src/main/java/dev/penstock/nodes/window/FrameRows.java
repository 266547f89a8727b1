package dev.penstock.nodes.window;

import dev.penstock.monitor.PenstockException;

/**
 * The frame of each row of a block, as a range of sorted rows: {@code start[i]} until {@code
 * end[i]}, empty when they are equal.
 *
 * <p>Within a partition, and from one partition to the next, neither end of frames that are not
 * empty ever moves backwards: aggregates slide over them.
 */
final class FrameRows {
  final int[] start;
  final int[] end;
  private final Edge startEdge;
  private final Edge endEdge;

  FrameRows(Frame frame, SortedRows rows, WindowLayout layout, int capacity) {
    this.start = new int[capacity];
    this.end = new int[capacity];
    this.startEdge = edge(frame, frame.start(), false, rows, layout);
    this.endEdge = edge(frame, frame.end(), true, rows, layout);
  }

  void compute(Block block) {
    startEdge.compute(block, start);
    endEdge.compute(block, end);
    for (int i = 0; i < block.count; i++) {
      end[i] = Math.max(start[i], end[i]);
    }
  }

  /** One end of the frames: the first row of the frame, or the one after its last. */
  interface Edge {
    void compute(Block block, int[] out);
  }

  /** Throws INCORRECT when the frame does not make sense for the order. */
  static void check(Frame frame, WindowLayout layout) {
    check(frame.mode(), frame.start(), false, layout);
    check(frame.mode(), frame.end(), true, layout);
  }

  private static void check(Frame.Mode mode, Bound bound, boolean isEnd, WindowLayout layout) {
    if (bound.kind() == Bound.Kind.PRECEDING || bound.kind() == Bound.Kind.FOLLOWING) {
      if (mode != Frame.Mode.RANGE) {
        offsetRows(mode, bound);
      } else {
        RangeEdge.check(bound, isEnd, layout);
      }
    }
  }

  private static Edge edge(
      Frame frame, Bound bound, boolean isEnd, SortedRows rows, WindowLayout layout) {
    return switch (bound.kind()) {
      case UNBOUNDED_PRECEDING ->
          (b, out) -> System.arraycopy(b.partitionStart, 0, out, 0, b.count);
      case UNBOUNDED_FOLLOWING -> (b, out) -> System.arraycopy(b.partitionEnd, 0, out, 0, b.count);
      case CURRENT_ROW -> {
        if (frame.mode() == Frame.Mode.ROWS) {
          yield rowsEdge(0, isEnd);
        } else if (isEnd) {
          yield (b, out) -> System.arraycopy(b.peersEnd, 0, out, 0, b.count);
        }
        yield (b, out) -> System.arraycopy(b.peersStart, 0, out, 0, b.count);
      }
      case PRECEDING -> distant(frame, bound, -1, isEnd, rows, layout);
      case FOLLOWING -> distant(frame, bound, 1, isEnd, rows, layout);
    };
  }

  private static Edge distant(
      Frame frame, Bound bound, int sign, boolean isEnd, SortedRows rows, WindowLayout layout) {
    return switch (frame.mode()) {
      case ROWS -> rowsEdge(sign * offsetRows(frame.mode(), bound), isEnd);
      case GROUPS -> new GroupsEdge(rows, sign * offsetRows(frame.mode(), bound), isEnd);
      case RANGE -> new RangeEdge(bound, isEnd, rows, layout);
    };
  }

  private static long offsetRows(Frame.Mode mode, Bound bound) {
    if (bound.offset() instanceof Number n
        && (n instanceof Long || n instanceof Integer)
        && n.longValue() >= 0) {
      // More rows than there can be are as good as any such number.
      return Math.min(n.longValue(), Integer.MAX_VALUE);
    }
    throw PenstockException.incorrect(
        "bad-frame",
        "a frame of "
            + (mode == Frame.Mode.ROWS
                ? "rows reaches a number of rows"
                : "groups reaches a number of groups")
            + ", 0 or more; got "
            + bound.offset());
  }

  private static Edge rowsEdge(long distance, boolean isEnd) {
    long by = isEnd ? distance + 1 : distance;
    return (b, out) -> {
      for (int i = 0; i < b.count; i++) {
        long row = b.from + i + by;
        out[i] = (int) Math.max(b.partitionStart[i], Math.min(b.partitionEnd[i], row));
      }
    };
  }
}
