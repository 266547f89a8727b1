package dev.penstock.nodes.window;

import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.nodes.sort.Concat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * lag and lead: the value some rows before or after (1 unless said), a default where the partition
 * has no such row.
 */
final class Shifted implements Evaluator {
  private final boolean back;
  private final DataType type;
  private final List<Argument> args;
  private final SortedRows rows;

  /** The rows that count; null for all. */
  private final @Nullable ValuedRows valued;

  Shifted(String name, DataType type, List<Argument> args, SortedRows rows, boolean ignoreNulls) {
    this.valued = ignoreNulls ? ValuedRows.of(rows, args.get(0)) : null;
    this.back = name.equals("lag");
    this.type = type;
    this.args = args;
    this.rows = rows;
  }

  @Override
  public Column evaluate(Block b) {
    int n = b.count;
    int[] at = new int[n];
    int[] place = new int[n];
    boolean allThere = args.size() > 1 ? byColumn(b, at, place) : byOne(b, at, place);
    Column values = rows.at(args.get(0), at, n);
    if (allThere || args.size() < 3) {
      return values;
    }
    Column defaults = rows.read(args.get(2), b.from, n);
    return Concat.of(type, values, defaults).gather(place, n);
  }

  /** The row so far away from row i of a block, or -1 if the partition has none. */
  private int target(Block b, int i, long by) {
    int row = b.from + i;
    int from = b.partitionStart[i];
    int to = b.partitionEnd[i];
    if (valued != null && by != 0) {
      return by < 0
          ? valued.at(valued.before(row) + by, from, to)
          : valued.at(valued.before(row + 1) + by - 1, from, to);
    }
    long wanted = row + by;
    return wanted >= from && wanted < to ? (int) wanted : -1;
  }

  private boolean byOne(Block b, int[] at, int[] place) {
    boolean allThere = true;
    for (int i = 0; i < b.count; i++) {
      int row = target(b, i, back ? -1 : 1);
      boolean there = row >= 0;
      at[i] = row;
      place[i] = there ? i : b.count + i;
      allThere &= there;
    }
    return allThere;
  }

  private boolean byColumn(Block b, int[] at, int[] place) {
    FlatColumn offsets = rows.read(args.get(1), b.from, b.count).flat(null, b.count);
    boolean allThere = true;
    for (int i = 0; i < b.count; i++) {
      if (offsets.isNull(i)) {
        // An unknown distance: null, not the default.
        at[i] = -1;
        place[i] = i;
        continue;
      }
      // Clipped, so that no sum overflows; no partition has so many rows.
      long by = Math.max(-Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, Whole.at(offsets, i)));
      int row = target(b, i, back ? -by : by);
      boolean there = row >= 0;
      at[i] = row;
      place[i] = there ? i : b.count + i;
      allThere &= there;
    }
    return allThere;
  }

  @Override
  public void close() {
    if (valued != null) {
      valued.close();
    }
  }
}
