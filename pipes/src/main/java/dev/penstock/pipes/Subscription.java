package dev.penstock.pipes;

/** A callback's place on a pipe. */
@FunctionalInterface
public interface Subscription {
  /**
   * Takes the callback off the pipe: no run of it starts after this returns, except one that
   * another thread has begun. Idempotent; never blocks.
   */
  void cancel();
}
