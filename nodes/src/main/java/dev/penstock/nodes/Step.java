package dev.penstock.nodes;

/**
 * One stage of a node: takes items from its inlet, gives batches to its outlet. Each task lane has
 * a step object of its own, so a step needs no locks for its own state; what lanes share is handed
 * to the constructor.
 *
 * <pre>
 * input pipe -> [ Step -> Step -> Step ] -> output pipe      fused in one task: no queue, no copy
 * </pre>
 *
 * <p>A call does a bounded piece of work: at most about one batch in and a few batches out. It
 * never blocks; long inner loops check the token. A step that was refused keeps what it wanted to
 * give, and tries again when it is called again.
 *
 * @param <T> what comes in: {@code Batch} for most; the first step of a node may take morsels of a
 *     source
 */
public interface Step<T> extends AutoCloseable {
  /** Moves something if it can, and says whether it did. After DONE it is not called again. */
  Progress step(Inlet<? extends T> in, Outlet out);

  /**
   * Frees everything; called exactly once, after DONE or when the query ends early, never while
   * {@link #step} runs.
   */
  @Override
  default void close() {}
}
