package dev.penstock.nodes;

import org.jspecify.annotations.Nullable;

/** Where a step takes from. */
public interface Inlet<T> {
  /** The next item, or null when there is none now. The step owns the item from here on. */
  @Nullable T poll();

  /** No item waits and none will come. */
  boolean isDone();
}
