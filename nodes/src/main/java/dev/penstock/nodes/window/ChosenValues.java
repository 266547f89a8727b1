package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.FlatColumn;
import dev.penstock.monitor.PenstockException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * first-value, last-value and nth-value over frames that leave out rows, or over the rows that have
 * a value.
 */
final class ChosenValues implements Evaluator {
  private final String name;
  private final List<Argument> args;
  private final SortedRows rows;
  private final FrameRows frame;
  private final FrameParts parts;

  /** Null when rows without a value count too. */
  private final @Nullable ValuedRows valued;

  ChosenValues(
      String name,
      List<Argument> args,
      SortedRows rows,
      FrameRows frame,
      Frame.Exclude exclude,
      boolean ignoreNulls) {
    this.name = name;
    this.args = args;
    this.rows = rows;
    this.frame = frame;
    this.parts = new FrameParts(exclude);
    this.valued = ignoreNulls ? ValuedRows.of(rows, args.get(0)) : null;
  }

  @Override
  public Column evaluate(Block b) {
    int n = b.count;
    int[] at = new int[n];
    FlatColumn places =
        name.equals("nth-value") ? rows.read(args.get(1), b.from, n).flat(null, n) : null;
    for (int i = 0; i < n; i++) {
      parts.set(b, frame, i);
      if (name.equals("last-value")) {
        at[i] = last();
      } else if (places == null) {
        at[i] = nth(0);
      } else {
        at[i] = places.isNull(i) ? -1 : nth(place(places, i));
      }
    }
    return rows.at(args.get(0), at, n);
  }

  /** A place in the frame, from 0. */
  private static long place(FlatColumn places, int i) {
    long nth = Whole.at(places, i);
    if (nth <= 0) {
      throw PenstockException.incorrect(
          "bad-argument", "(nth-value e " + nth + "): expected a place in the frame, 1 or more");
    }
    return nth - 1;
  }

  private int nth(long place) {
    long left = place;
    for (int k = 0; k < parts.count; k++) {
      int from = parts.start[k];
      int to = parts.end[k];
      int before = valued == null ? from : valued.before(from);
      int size = (valued == null ? to : valued.before(to)) - before;
      if (left < size) {
        return valued == null ? (int) (from + left) : valued.at(before + left, from, to);
      }
      left -= size;
    }
    return -1;
  }

  private int last() {
    for (int k = parts.count - 1; k >= 0; k--) {
      int from = parts.start[k];
      int to = parts.end[k];
      int row = valued == null ? to - 1 : valued.at(valued.before(to) - 1L, from, to);
      if (row >= 0) {
        return row;
      }
    }
    return -1;
  }

  @Override
  public void close() {
    if (valued != null) {
      valued.close();
    }
  }
}
