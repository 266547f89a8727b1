package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import org.jspecify.annotations.Nullable;

/** A step that gives at most one batch for each batch: filter, project, and their like. */
public abstract class OneToOne implements Step<Batch> {
  private @Nullable Batch waiting;

  /** The batch to give for this one, or null or an empty batch for none. */
  protected abstract @Nullable Batch apply(Batch batch);

  @Override
  public final Progress step(Inlet<? extends Batch> in, Outlet out) {
    Batch next = waiting;
    if (next == null) {
      Batch batch = in.poll();
      if (batch == null) {
        return in.isDone() ? Progress.DONE : Progress.STUCK;
      }
      next = apply(batch);
      if (next == null || next.isEmpty()) {
        return Progress.MOVED;
      }
    }
    if (out.offer(next)) {
      waiting = null;
      return Progress.MOVED;
    }
    boolean moved = waiting == null;
    waiting = next;
    return moved ? Progress.MOVED : Progress.STUCK;
  }
}
