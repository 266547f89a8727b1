package dev.penstock.pipes;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The consumers' end of a pipe. Any number of threads may use it at once, and no method blocks.
 *
 * <p>A consumer dequeues until it gets null, and then leaves the thread: the callback will come.
 *
 * <pre>{@code
 * tap.addCallback(() -> {
 *   for (Batch batch = tap.dequeue(); batch != null; batch = tap.dequeue()) {
 *     sum.add(batch);
 *   }
 *   if (tap.isDone()) {
 *     finish(tap.error());
 *   }
 * });
 * }</pre>
 *
 * @param <T> the items; never null
 */
public interface Tap<T> {
  /**
   * Takes the first item, or returns null when there is none now; {@link #isDone()} says whether
   * one may still come. When this brings the credit back, the credit callbacks run on this thread
   * before it returns.
   */
  @Nullable T dequeue();

  /**
   * Takes up to {@code max} items, in order, and adds them to {@code into}.
   *
   * @return how many; 0 when there is none now
   */
  int dequeueAll(Collection<? super T> into, int max);

  /** Whether the producer has closed the pipe; items may still wait. */
  boolean isClosed();

  /** Whether nothing will come any more: closed and drained, or in error, or stopped. */
  boolean isDone();

  /** Whether the pipe has failed. */
  boolean isError();

  /**
   * The first error of the pipe with the later ones suppressed onto it; null when there is none.
   */
  @Nullable Throwable error();

  /**
   * The consumer wants no more: the items that wait are dropped, and producers see it and get their
   * credit callback on this thread. Does nothing on a pipe that is done.
   */
  void stop();

  /**
   * Adds a callback that runs after each enqueue, on the close and on the error, on the thread that
   * did it. Added to a pipe that has something to say (an item waits, it is closed, in error or
   * stopped), it runs at once on this thread as well. It may run without news, and on several
   * threads at a time, but never within itself on one thread.
   */
  Subscription addCallback(Runnable callback);
}
