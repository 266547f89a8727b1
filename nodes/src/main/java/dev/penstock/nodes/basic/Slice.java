package dev.penstock.nodes.basic;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import org.jspecify.annotations.Nullable;

/**
 * Rows {@code offset} until {@code offset + limit} of the input, in its order. One lane. It is DONE
 * as soon as the last row is given, before its inlet is drained.
 */
public final class Slice implements Step<Batch> {
  private final QueryContext query;
  private long skip;
  private long left;
  private @Nullable Batch waiting;

  /**
   * @param limit negative for all
   */
  public Slice(QueryContext query, long offset, long limit) {
    if (offset < 0) {
      throw new IllegalArgumentException("an offset is not negative: " + offset);
    }
    this.query = query;
    this.skip = offset;
    this.left = limit < 0 ? Long.MAX_VALUE : limit;
  }

  @Override
  public Progress step(Inlet<? extends Batch> in, Outlet out) {
    query.token().check();
    boolean moved = false;
    if (waiting == null) {
      if (left == 0) {
        return Progress.DONE;
      }
      Batch batch = in.poll();
      if (batch == null) {
        return in.isDone() ? Progress.DONE : Progress.STUCK;
      }
      moved = true;
      int from = (int) Math.min(skip, batch.count());
      skip -= from;
      int to = (int) Math.min(batch.count(), from + Math.min(left, batch.count()));
      left -= to - from;
      if (from == to) {
        return Progress.MOVED;
      }
      waiting = batch.slice(from, to);
    }
    if (!out.offer(waiting)) {
      return moved ? Progress.MOVED : Progress.STUCK;
    }
    waiting = null;
    return left == 0 ? Progress.DONE : Progress.MOVED;
  }
}
