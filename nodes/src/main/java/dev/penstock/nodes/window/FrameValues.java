package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import java.util.List;

/**
 * A value of the frame by its place: first-value, last-value, nth-value, and any (the first that is
 * not null).
 */
final class FrameValues implements Evaluator {
  private final String name;
  private final List<Argument> args;
  private final SortedRows rows;
  private final FrameRows frame;
  private final ArgumentCursor cursor;

  /** For any: no row between the start of the last frame and this one has a value. */
  private int candidate;

  FrameValues(String name, List<Argument> args, SortedRows rows, FrameRows frame) {
    this.name = name;
    this.args = args;
    this.rows = rows;
    this.frame = frame;
    this.cursor = new ArgumentCursor(rows, args.get(0));
  }

  @Override
  public Column evaluate(Block b) {
    int n = b.count;
    int[] at = new int[n];
    int[] start = frame.start;
    int[] end = frame.end;
    switch (name) {
      case "first-value" -> {
        for (int i = 0; i < n; i++) {
          at[i] = start[i] < end[i] ? start[i] : -1;
        }
      }
      case "last-value" -> {
        for (int i = 0; i < n; i++) {
          at[i] = start[i] < end[i] ? end[i] - 1 : -1;
        }
      }
      case "nth-value" -> nth(b, at);
      default -> any(n, at);
    }
    return rows.at(args.get(0), at, n);
  }

  private void nth(Block b, int[] at) {
    FlatColumn places = rows.read(args.get(1), b.from, b.count).flat(null, b.count);
    for (int i = 0; i < b.count; i++) {
      at[i] = -1;
      if (!places.isNull(i)) {
        long nth = Whole.at(places, i);
        if (nth <= 0) {
          throw PenstockException.incorrect(
              "bad-argument",
              "(nth-value e " + nth + "): expected a place in the frame, 1 or more");
        }
        if (nth <= frame.end[i] - frame.start[i]) {
          at[i] = (int) (frame.start[i] + nth - 1);
        }
      }
    }
  }

  private void any(int n, int[] at) {
    int c = candidate;
    for (int i = 0; i < n; i++) {
      int end = frame.end[i];
      at[i] = -1;
      if (frame.start[i] < end) {
        c = Math.max(c, frame.start[i]);
        while (c < end && cursor.isNull(c)) {
          c++;
        }
        at[i] = c < end ? c : -1;
      }
    }
    candidate = c;
  }
}
