package dev.penstock.nodes.join;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import org.jspecify.annotations.Nullable;

/** What a step gives, kept while the outlet refuses it. One lane. */
final class Offer {
  private @Nullable Batch refused;

  /** Gives a batch, if it has rows; a refused one is kept. The step has moved in any case. */
  Progress give(Batch batch, Outlet out) {
    if (!batch.isEmpty() && !out.offer(batch)) {
      refused = batch;
    }
    return Progress.MOVED;
  }

  /** Offers again what was refused; null: nothing was, and the step may go on. */
  @Nullable Progress again(Outlet out) {
    Batch batch = refused;
    if (batch == null) {
      return null;
    }
    if (!out.offer(batch)) {
      return Progress.STUCK;
    }
    refused = null;
    return Progress.MOVED;
  }
}
