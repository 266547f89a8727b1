package dev.penstock.nodes;

import dev.penstock.batch.Batch;

/** Where a step puts its batches. Refusal is all the back-pressure there is. */
public interface Outlet {
  /**
   * Takes the batch, or refuses it (false) and takes nothing: the step keeps it and returns {@link
   * Progress#STUCK} or does something else. Empty batches are taken and dropped.
   */
  boolean offer(Batch batch);
}
