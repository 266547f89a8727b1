package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import org.jspecify.annotations.Nullable;

/** What a step gives, kept while the outlet refuses it. One lane. */
public final class Offer {
  private @Nullable Batch refused;

  /**
   * Gives a batch, if there is one and it has rows; a refused one is kept. The step has moved in
   * any case.
   */
  public Progress give(@Nullable Batch batch, Outlet out) {
    if (batch != null && !batch.isEmpty() && !out.offer(batch)) {
      refused = batch;
    }
    return Progress.MOVED;
  }

  /** Offers again what was refused; null: nothing was, and the step may go on. */
  public @Nullable Progress again(Outlet out) {
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
