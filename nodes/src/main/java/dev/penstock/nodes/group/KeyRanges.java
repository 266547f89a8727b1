package dev.penstock.nodes.group;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.IntColumn;
import dev.penstock.batch.Layout;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.ColumnExpr;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.spill.Workspace;
import dev.penstock.nodes.table.Longs;
import java.util.ArrayList;
import java.util.List;

/**
 * Which keys a lane of a {@link Group} met, as closed ranges of one key column: few and narrow ones
 * where the rows come in the order of that key, or nearly so. Rows in no order are noticed after
 * some batches, and nothing more is noted.
 *
 * <pre>
 * batches of a lane   [1 .. 510] [510 .. 1020] ...   [99001 .. 99512] ...
 * ranges              [1      ..        30720]       [99001       .. 129800]
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class KeyRanges {
  /** More ranges than that are no order. */
  private static final int MOST = 1 << 16;

  /** Batches after which they must show an order. */
  private static final int TRIAL = 8;

  /** Rows in order: so often a key may be within the range of a batch. */
  private static final double MOST_OVERLAP = 1.25;

  private final int key;
  private final int column;
  private final Workspace workspace;

  /** Low and high end of each range. */
  private final Longs ends;

  private int ranges;
  private int batches;
  private boolean useless;

  /** Ends of the last batch. */
  private long low;

  private long high;
  private long least = Long.MAX_VALUE;
  private long most = Long.MIN_VALUE;

  /** Sum of the widths of the batches. */
  private double widths;

  private KeyRanges(int key, int column, Workspace workspace, Longs ends) {
    this.key = key;
    this.column = column;
    this.workspace = workspace;
    this.ends = ends;
  }

  /** One for each key that is a column of whole numbers, or the like; none where none may help. */
  static List<KeyRanges> of(GroupPlan plan, Workspace workspace, LongsOfLane memory) {
    List<KeyRanges> out = new ArrayList<>();
    if (workspace.query().lanes() > 1
        && plan.sets == null
        && !plan.distinctInputs
        && !plan.hasLists()) {
      for (int k = 0; k < plan.keys.length; k++) {
        Expr e = plan.keys[k];
        Layout layout = e.type().layout();
        if (e instanceof ColumnExpr c && (layout == Layout.INTS || layout == Layout.LONGS)) {
          out.add(new KeyRanges(k, c.index(), workspace, memory.make(2)));
        }
      }
    }
    return out;
  }

  /** Makes arrays in the memory of a lane. */
  interface LongsOfLane {
    Longs make(int width);
  }

  /** Which of the keys. */
  int key() {
    return key;
  }

  /** Takes note of a batch, which is not empty. */
  void take(Batch batch) {
    if (useless) {
      return;
    }
    Column c = batch.column(column);
    int n = batch.count();
    if (c instanceof LongColumn l && l.nulls() == null) {
      ends(l.values(), batch.positions(), n);
    } else if (c instanceof IntColumn l && l.nulls() == null) {
      ends(l.values(), batch.positions(), n);
    } else {
      useless = true;
      return;
    }
    add(low, high);
  }

  /** Least and largest value; two at a time, as each comparison waits for the one before. */
  private void ends(long[] values, int[] positions, int n) {
    long lo = values[positions[0]];
    long hi = lo;
    long lo2 = lo;
    long hi2 = lo;
    for (int i = 0; i < n - 1; i += 2) {
      long v = values[positions[i]];
      long v2 = values[positions[i + 1]];
      lo = Math.min(lo, v);
      hi = Math.max(hi, v);
      lo2 = Math.min(lo2, v2);
      hi2 = Math.max(hi2, v2);
    }
    long last = values[positions[n - 1]];
    low = Math.min(Math.min(lo, lo2), last);
    high = Math.max(Math.max(hi, hi2), last);
  }

  private void ends(int[] values, int[] positions, int n) {
    int lo = values[positions[0]];
    int hi = lo;
    int lo2 = lo;
    int hi2 = lo;
    for (int i = 0; i < n - 1; i += 2) {
      int v = values[positions[i]];
      int v2 = values[positions[i + 1]];
      lo = Math.min(lo, v);
      hi = Math.max(hi, v);
      lo2 = Math.min(lo2, v2);
      hi2 = Math.max(hi2, v2);
    }
    int last = values[positions[n - 1]];
    low = Math.min(Math.min(lo, lo2), last);
    high = Math.max(Math.max(hi, hi2), last);
  }

  private void add(long lo, long hi) {
    double width = width(lo, hi);
    widths += width;
    least = Math.min(least, lo);
    most = Math.max(most, hi);
    batches++;
    if (batches >= TRIAL && widths > 4 * width(least, most)) {
      useless = true;
      return;
    }
    if (ranges > 0 && extend(lo, hi, width)) {
      return;
    }
    long growth = ends.growth(ranges + 1);
    if (ranges == MOST || growth > 0 && !workspace.fits(growth)) {
      useless = true;
      return;
    }
    ends.ensure(ranges + 1);
    set(ranges++, lo, hi);
  }

  /** Whether the batch goes on where the last range ends, or lies within it. */
  private boolean extend(long lo, long hi, double width) {
    long low = low(ranges - 1);
    long high = high(ranges - 1);
    if (lo < low || (lo > high && (double) lo - high > 1 + width / 8)) {
      return false;
    }
    set(ranges - 1, low, Math.max(high, hi));
    return true;
  }

  private static double width(long lo, long hi) {
    return (double) hi - lo + 1;
  }

  private void set(int range, long lo, long hi) {
    long[] chunk = ends.chunks()[range >>> Longs.SHIFT];
    int at = (range & Longs.MASK) << 1;
    chunk[at] = lo;
    chunk[at + 1] = hi;
  }

  int count() {
    return ranges;
  }

  long low(int range) {
    return ends.chunks()[range >>> Longs.SHIFT][(range & Longs.MASK) << 1];
  }

  long high(int range) {
    return ends.chunks()[range >>> Longs.SHIFT][((range & Longs.MASK) << 1) + 1];
  }

  /** Whether the rows came in order, as far as one lane can tell. */
  boolean isOrdered() {
    if (useless || ranges == 0) {
      return false;
    }
    double covered = 0;
    for (int r = 0; r < ranges; r++) {
      covered += width(low(r), high(r));
    }
    // where ranges of a lane lie in each other, covered is more than what they cover together
    return widths <= MOST_OVERLAP * covered + batches
        && covered <= MOST_OVERLAP * width(least, most);
  }
}
