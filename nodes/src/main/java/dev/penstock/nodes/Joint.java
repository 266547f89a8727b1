package dev.penstock.nodes;

import dev.penstock.batch.Batch;

/**
 * A stage with two inlets: what {@link Step} is for one. It takes from either as it needs; the same
 * rules hold for progress, refusal and closing.
 */
public interface Joint extends AutoCloseable {
  /** Moves something if it can, and says whether it did. After DONE it is not called again. */
  Progress step(Inlet<? extends Batch> left, Inlet<? extends Batch> right, Outlet out);

  /** Frees everything; called exactly once, never while {@link #step} runs. */
  @Override
  default void close() {}
}
