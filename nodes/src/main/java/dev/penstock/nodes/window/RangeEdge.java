package dev.penstock.nodes.window;

import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.Interval;
import dev.penstock.batch.Kind;
import dev.penstock.batch.Layout;
import dev.penstock.monitor.PenstockException;
import dev.penstock.nodes.sort.SortKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * An end of a frame that lies a distance of the order key away: a pointer that moves over the rows
 * of the partition as the current row does.
 *
 * <p>Peers share their ends. Rows with a null key are in nobody's frame but that of their peers.
 */
final class RangeEdge implements FrameRows.Edge {
  private final SortedRows rows;
  private final boolean isEnd;
  private final boolean descending;
  private final boolean nullsFirst;
  private final RangeLimit limit;
  private final ArgumentCursor current;
  private final ArgumentCursor probe;
  private final ArgumentCursor nulls;

  // Of the partition: rows from first until last have a key.
  private int first;
  private int last;
  private int pointer;
  private int edge;

  RangeEdge(Bound bound, boolean isEnd, SortedRows rows, WindowLayout layout) {
    SortKey key = layout.orderKeys.get(0);
    DataType type = key.expr().type();
    this.rows = rows;
    this.isEnd = isEnd;
    this.descending = key.descending();
    this.nullsFirst = key.nullsFirst();
    this.limit = limit(bound, isEnd, key);
    Argument argument = new Argument(type, layout.order[0], null);
    this.current = new ArgumentCursor(rows, argument);
    this.probe = new ArgumentCursor(rows, argument);
    this.nulls = new ArgumentCursor(rows, argument);
  }

  static void check(Bound bound, boolean isEnd, WindowLayout layout) {
    if (layout.orderKeys.size() != 1) {
      throw PenstockException.incorrect(
          "bad-frame",
          "a range frame with the offset "
              + bound.offset()
              + " needs exactly one order key; there are "
              + layout.orderKeys.size());
    }
    limit(bound, isEnd, layout.orderKeys.get(0));
  }

  private static RangeLimit limit(Bound bound, boolean isEnd, SortKey key) {
    DataType type = key.expr().type();
    Object offset = bound.offset();
    boolean minus = (bound.kind() == Bound.Kind.PRECEDING) != key.descending();
    boolean time =
        type.kind() == Kind.DATE
            || type.kind() == Kind.TIMESTAMP
            || type.kind() == Kind.TIMESTAMPTZ;
    RangeLimit made = null;
    if (offset instanceof Interval interval && time) {
      made = new CalendarLimit(type, interval, minus);
    } else if (offset instanceof Interval interval
        && (type.kind() == Kind.TIME || type.kind() == Kind.INTERVAL)) {
      made = new LengthLimit(type, interval, minus);
    } else if (type.kind() == Kind.FLOAT64 && offset instanceof Number n) {
      made = new NumberLimits.Floats(n.doubleValue(), minus);
    } else if (offset instanceof Number n
        && (type.isNumeric()
            || (type.kind() == Kind.DATE && (n instanceof Long || n instanceof Integer)))
        && isExact(n)) {
      // Keys differ by whole units of their scale: at most so far away is at most the whole units
      // of the offset, and at least so
      // far away is at least the next whole units.
      boolean atLeast = (bound.kind() == Bound.Kind.FOLLOWING) != isEnd;
      BigInteger units =
          new BigDecimal(n.toString())
              .setScale(type.scale(), atLeast ? RoundingMode.CEILING : RoundingMode.FLOOR)
              .unscaledValue();
      made =
          type.layout() == Layout.PAIRS
              ? new NumberLimits.Wide(units, minus)
              : new NumberLimits.Longs(units, minus);
    }
    if (made == null) {
      throw PenstockException.incorrect(
          "bad-frame",
          "a range frame cannot reach "
              + offset
              + " from an order key of type "
              + type
              + "; expected a number for a number, an interval for a time or an interval");
    }
    if (!made.isForward()) {
      throw PenstockException.incorrect(
          "bad-frame", "a range frame reaches a distance that is not negative; got " + offset);
    }
    return made;
  }

  private static boolean isExact(Number n) {
    return !(n instanceof Double d) || Double.isFinite(d);
  }

  @Override
  public void compute(Block block, int[] out) {
    for (int i = 0; i < block.count; i++) {
      int row = block.from + i;
      if (row == block.partitionStart[i]) {
        enter(block, i);
      }
      if (row == block.peersStart[i]) {
        if (current.isNull(row)) {
          edge = isEnd ? block.peersEnd[i] : row;
        } else {
          limit.from(current.column, row - current.from);
          edge = advance();
        }
      }
      out[i] = edge;
    }
  }

  private void enter(Block block, int i) {
    first = block.partitionStart[i];
    last = block.partitionEnd[i];
    if (nullsFirst) {
      if (nulls.isNull(first)) {
        first = block.peersEnd[i];
      }
    } else if (nulls.isNull(last - 1)) {
      last = rows.peersStart(last - 1);
    }
    pointer = first;
  }

  /** The first row that is not before the limit, or for an end the first that is after it. */
  private int advance() {
    int p = pointer;
    while (p < last) {
      probe.seek(p);
      FlatColumn keys = probe.column;
      int stop = Math.min(last, probe.to);
      for (; p < stop; p++) {
        int c = limit.compare(keys, p - probe.from);
        c = descending ? -c : c;
        if (isEnd ? c > 0 : c >= 0) {
          pointer = p;
          return p;
        }
      }
    }
    pointer = p;
    return p;
  }
}
