package dev.penstock.pipes.races;

import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.QueuePipe;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Laws 6 to 11: close, error and stop beside everything else. */
public final class EndRaces {
  private EndRaces() {}

  /** An item is accepted and comes out, or is refused. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "accepted and delivered")
  @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law07EnqueueClose {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);

    @Actor
    public void producer(III_Result r) {
      try {
        pipe.enqueue(1);
        r.r1 = 1;
      } catch (IllegalStateException e) {
        r.r1 = 0;
      }
    }

    @Actor
    public void closer() {
      pipe.close();
    }

    @Arbiter
    public void rest(III_Result r) {
      while (pipe.dequeue() != null) {
        r.r2++;
      }
      r.r3 = pipe.isDone() ? 1 : 0;
    }
  }

  /** Who sees the close sees the item. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "closed, with its item")
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "neither yet")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the item before the close")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law06CloseAfterTheLastItem {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);

    @Actor
    public void producer() {
      pipe.enqueue(1);
      pipe.close();
    }

    @Actor
    public void consumer(II_Result r) {
      r.r1 = pipe.isClosed() ? 1 : 0;
      r.r2 = pipe.dequeue() != null ? 1 : 0;
    }
  }

  /** Nothing comes after done; and with the item in hand, done is seen at the end. */
  @JCStressTest
  @Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "not done, then the item")
  @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "not done, the item later")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law06DoneIsDone {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);

    @Actor
    public void producer() {
      pipe.enqueue(1);
      pipe.close();
    }

    @Actor
    public void consumer(III_Result r) {
      r.r1 = pipe.isDone() ? 1 : 0;
      r.r2 = pipe.dequeue() != null ? 1 : 0;
    }

    @Arbiter
    public void rest(III_Result r) {
      pipe.dequeue();
      r.r3 = pipe.isDone() ? 1 : 0;
    }
  }

  /** What was written before the close is seen with it. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "0, 42"},
      expect = Expect.ACCEPTABLE,
      desc = "not closed yet")
  @Outcome(id = "1, 42", expect = Expect.ACCEPTABLE, desc = "closed")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law04CloseVisibility {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private int plain;

    @Actor
    public void producer() {
      plain = 42;
      pipe.close();
    }

    @Actor
    public void consumer(II_Result r) {
      r.r1 = pipe.isClosed() ? 1 : 0;
      r.r2 = plain;
    }
  }

  /** One wins, the other is suppressed onto it, the callbacks run once. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "once, with the other suppressed")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law08TwoErrors {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final AtomicInteger told = new AtomicInteger();
    private final Exception one = new Exception("one");
    private final Exception two = new Exception("two");

    public Law08TwoErrors() {
      pipe.addCallback(told::incrementAndGet);
    }

    @Actor
    public void one() {
      pipe.error(one);
    }

    @Actor
    public void two() {
      pipe.error(two);
    }

    @Arbiter
    public void rest(II_Result r) {
      Throwable first = pipe.error();
      Throwable second = first == one ? two : one;
      r.r1 = told.get();
      r.r2 =
          first != null && first.getSuppressed().length == 1 && first.getSuppressed()[0] == second
              ? 1
              : 0;
    }
  }

  /** Whichever is first, nothing waits after an error. */
  @JCStressTest
  @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "dropped")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law08ErrorBesideEnqueue {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);

    @Actor
    public void producer() {
      pipe.enqueue(1);
    }

    @Actor
    public void failer() {
      pipe.error(
          new Exception("race", null, false, false) {
            private static final long serialVersionUID = 1L;
          });
    }

    @Arbiter
    public void rest(III_Result r) {
      r.r1 = pipe.dequeue() != null ? 1 : 0;
      r.r2 = pipe.isDone() && pipe.isError() ? 1 : 0;
      r.r3 = (int) pipe.meter().itemsWaiting();
    }
  }

  /** The item is taken before the error, or dropped by it. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "taken")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "dropped")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law08ErrorBesideDequeue {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final Exception cause = new Exception("race");

    public Law08ErrorBesideDequeue() {
      pipe.enqueue(1);
    }

    @Actor
    public void consumer(II_Result r) {
      r.r1 = pipe.dequeue() != null ? 1 : 0;
    }

    @Actor
    public void failer() {
      pipe.error(cause);
    }

    @Arbiter
    public void rest(II_Result r) {
      r.r2 = (int) pipe.meter().itemsDropped();
      if (pipe.dequeue() != null) {
        r.r2 = -1;
      }
    }
  }

  /** An empty pipe ends once: drained, or failed. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "closed first")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "failed first")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law11ErrorBesideClose {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final AtomicInteger told = new AtomicInteger();
    private final Exception cause = new Exception("race");

    public Law11ErrorBesideClose() {
      pipe.addCallback(told::incrementAndGet);
    }

    @Actor
    public void closer() {
      pipe.close();
    }

    @Actor
    public void failer() {
      pipe.error(cause);
    }

    @Arbiter
    public void rest(II_Result r) {
      r.r1 = pipe.isDone() ? told.get() : -1;
      r.r2 = pipe.isError() ? 1 : 0;
    }
  }

  /** A closed pipe with one item: delivered and no error, or an error and no item. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "delivered")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "failed")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law11ErrorBesideTheLastDequeue {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final Exception cause = new Exception("race");

    public Law11ErrorBesideTheLastDequeue() {
      pipe.enqueue(1);
      pipe.close();
    }

    @Actor
    public void consumer(II_Result r) {
      r.r1 = pipe.dequeue() != null ? 1 : 0;
    }

    @Actor
    public void failer() {
      pipe.error(cause);
    }

    @Arbiter
    public void rest(II_Result r) {
      r.r2 = pipe.isError() ? 1 : 0;
    }
  }

  /** One of the two. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "stopped first: no error, no callback")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "failed first")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law11ErrorBesideStop {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final AtomicInteger told = new AtomicInteger();
    private final Exception cause = new Exception("race");

    public Law11ErrorBesideStop() {
      pipe.addCallback(told::incrementAndGet);
    }

    @Actor
    public void stopper() {
      pipe.stop();
    }

    @Actor
    public void failer() {
      pipe.error(cause);
    }

    @Arbiter
    public void rest(II_Result r) {
      r.r1 = pipe.isDone() ? told.get() : -1;
      r.r2 = pipe.isError() ? 1 : 0;
    }
  }

  /** Whichever is first, the item is dropped, and handed to whoever hears what is dropped. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "dropped once")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law10StopBesideEnqueue {
    private final AtomicInteger dropped = new AtomicInteger();
    private final Pipe<Integer> pipe =
        QueuePipe.ofBytes("race", 8, item -> 1, item -> dropped.incrementAndGet());

    @Actor
    public void producer() {
      pipe.enqueue(1);
    }

    @Actor
    public void stopper() {
      pipe.stop();
    }

    @Arbiter
    public void rest(II_Result r) {
      r.r1 = pipe.dequeue() != null ? 1 : 0;
      r.r2 = dropped.get();
    }
  }
}
