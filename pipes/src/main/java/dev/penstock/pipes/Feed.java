package dev.penstock.pipes;

import java.util.Collection;

/**
 * The producers' end of a pipe. Any number of threads may use it at once, and no method blocks.
 *
 * <p>A well-behaved producer enqueues while {@link #credit()} is above 0 and then waits for its
 * credit callback; so a pipe holds at most its capacity and one item more per producer.
 *
 * <pre>{@code
 * Runnable pump = () -> {
 *   while (!feed.isStopped() && feed.credit() > 0 && rows.hasNext()) {
 *     feed.enqueue(rows.next());
 *   }
 *   if (!rows.hasNext()) {
 *     feed.close();
 *   }
 * };
 * feed.addCreditCallback(pump); // first the callback, then the first look at the credit
 * pump.run();
 * }</pre>
 *
 * @param <T> the items; never null
 */
public interface Feed<T> {
  /**
   * Puts one item at the end, then runs the data callbacks on this thread. The item is accepted
   * even when there is no credit. When the pipe is stopped or in error the item is dropped
   * silently.
   *
   * @throws IllegalStateException after {@link #close()}
   */
  void enqueue(T item);

  /**
   * Puts all items at the end, in their order and with none of another producer between them, then
   * runs the data callbacks once. An empty collection does nothing.
   *
   * @throws IllegalStateException after {@link #close()}; no item has been accepted
   */
  void enqueueAll(Collection<? extends T> items);

  /**
   * No more items will come. The first call runs the data callbacks on this thread; the others do
   * nothing, and so does a close of a pipe that is stopped or in error.
   */
  void close();

  /** Whether {@link #close()} has been called; items may still wait. */
  boolean isClosed();

  /**
   * Fails the pipe: the items that wait are dropped, consumers see the error, and the data and
   * credit callbacks run once more on this thread. The first error wins, later ones are suppressed
   * onto it. On a pipe that is stopped, or closed and drained, this does nothing: nobody is there
   * to hear it.
   */
  void error(Throwable cause);

  /**
   * Whether to give up producing: the consumer has stopped the pipe, or the pipe is in error. What
   * is enqueued from now on is dropped.
   */
  boolean isStopped();

  /** Bytes that may still be enqueued before the pipe is full. Negative after an overshoot. */
  long credit();

  /**
   * Adds a callback that runs when credit comes back: when the pipe has been full and has been
   * drained to half of its capacity or less, on the thread that dequeued; and when the pipe is
   * stopped or fails, on the thread that did it. Added to a pipe that is already stopped or in
   * error, it runs at once. It may run without need, and on several threads at a time.
   */
  Subscription addCreditCallback(Runnable callback);
}
