package dev.penstock.nodes.window;

/**
 * The rows of one frame as ranges: one, or up to three where rows are excluded.
 *
 * <pre>
 * frame    [ . . . . . . . . )
 * peers          [ . c . )
 * ties     [ . . )   c   [ . )      the current row stays
 * group    [ . . )       [ . )
 * </pre>
 */
final class FrameParts {
  private final Frame.Exclude exclude;

  /** Range k is {@code start[k]} until {@code end[k]}; none is empty. */
  final int[] start = new int[3];

  final int[] end = new int[3];
  int count;

  FrameParts(Frame.Exclude exclude) {
    this.exclude = exclude;
  }

  /** The frame of row i of a block. */
  void set(Block b, FrameRows frame, int i) {
    int from = frame.start[i];
    int to = frame.end[i];
    int row = b.from + i;
    count = 0;
    switch (exclude) {
      case NO_OTHERS -> add(from, to);
      case CURRENT_ROW -> {
        add(from, Math.min(to, row));
        add(Math.max(from, row + 1), to);
      }
      case GROUP -> {
        add(from, Math.min(to, b.peersStart[i]));
        add(Math.max(from, b.peersEnd[i]), to);
      }
      case TIES -> {
        add(from, Math.min(to, b.peersStart[i]));
        add(Math.max(from, row), Math.min(to, row + 1));
        add(Math.max(from, b.peersEnd[i]), to);
      }
    }
  }

  private void add(int from, int to) {
    if (from < to) {
      start[count] = from;
      end[count++] = to;
    }
  }

  /** Whether these are the ranges of another frame. */
  boolean same(FrameParts other) {
    if (count != other.count) {
      return false;
    }
    for (int k = 0; k < count; k++) {
      if (start[k] != other.start[k] || end[k] != other.end[k]) {
        return false;
      }
    }
    return true;
  }

  void copy(FrameParts other) {
    count = other.count;
    System.arraycopy(other.start, 0, start, 0, count);
    System.arraycopy(other.end, 0, end, 0, count);
  }
}
