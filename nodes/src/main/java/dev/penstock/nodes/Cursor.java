package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.pipes.Tap;
import org.jspecify.annotations.Nullable;

/**
 * The blocking end of a result pipe, for a host thread (never a compute thread).
 *
 * <p>Concurrency: one thread calls {@link #next}; the pipe's callback wakes it through the monitor
 * of {@code news}.
 */
public final class Cursor {
  private final Tap<Batch> tap;
  private final Object news = new Object();
  private boolean fresh;

  public Cursor(Tap<Batch> tap) {
    this.tap = tap;
    tap.addCallback(this::wake);
  }

  private void wake() {
    synchronized (news) {
      fresh = true;
      news.notifyAll();
    }
  }

  /**
   * The next batch, or null at the end. Blocks. Throws the query's error.
   *
   * @throws InterruptedException when the host thread is interrupted; the query goes on
   */
  public @Nullable Batch next() throws InterruptedException {
    Scheduler.mayBlock("reading a result");
    for (; ; ) {
      Batch batch = tap.dequeue();
      if (batch != null) {
        return batch;
      }
      if (tap.isError()) {
        throw Node.failure(tap.error());
      }
      if (tap.isDone()) {
        return null;
      }
      synchronized (news) {
        while (!fresh) {
          news.wait();
        }
        fresh = false;
      }
    }
  }
}
