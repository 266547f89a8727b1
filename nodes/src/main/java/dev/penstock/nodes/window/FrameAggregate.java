package dev.penstock.nodes.window;

import dev.penstock.batch.Bits;
import dev.penstock.batch.Column;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over frames that only move forwards: rows enter it at the end and leave it at the
 * start, each once.
 *
 * <pre>
 * rows  . . [ . . . . ) . . .
 *        low --^       ^-- high
 * </pre>
 */
abstract class FrameAggregate implements Evaluator {
  private final FrameRows frame;

  /** The rows that the state is over. */
  int low;

  int high;
  private long @Nullable [] nulls;
  private int results;

  FrameAggregate(FrameRows frame) {
    this.frame = frame;
  }

  @Override
  public final Column evaluate(Block block) {
    int n = block.count;
    int[] start = frame.start;
    int[] end = frame.end;
    nulls = null;
    results = n;
    open(n);
    for (int i = 0; i < n; i++) {
      int s = start[i];
      int e = end[i];
      if (s == e) {
        none(i);
        continue;
      }
      if (s >= high) {
        clear(s);
        low = s;
        high = s;
      } else if (s > low) {
        leave(low, s);
        low = s;
      }
      if (e > high) {
        enter(high, e);
        high = e;
      }
      give(i);
    }
    return column(nulls, n);
  }

  /** Makes room for so many results. */
  abstract void open(int count);

  /** Begins with no rows; the next to enter is this one. */
  abstract void clear(int at);

  /** Rows come in at the end. */
  abstract void enter(int from, int to);

  /** Rows go at the start; some stay. {@link #low} and {@link #high} are still those before. */
  abstract void leave(int from, int to);

  /** Writes result i. */
  abstract void give(int i);

  /** Writes result i over an empty frame. */
  void none(int i) {
    setNull(i);
  }

  abstract Column column(long @Nullable [] nullBits, int count);

  final void setNull(int i) {
    long[] bits = nulls;
    if (bits == null) {
      bits = new long[Bits.words(results)];
      nulls = bits;
    }
    Bits.set(bits, i);
  }
}
