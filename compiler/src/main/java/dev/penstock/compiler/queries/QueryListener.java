package dev.penstock.compiler.queries;

/** Hears of each query of an engine when it begins, changes its state, and ends. */
@FunctionalInterface
public interface QueryListener {
  /**
   * Called on the thread that changed the state: quick, it must not throw or block. Changes that
   * different threads make may be told in another order; {@link Query#state} is always the present
   * one.
   */
  void changed(Query query, QueryState state);
}
