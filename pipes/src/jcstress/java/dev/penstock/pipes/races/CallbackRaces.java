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
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Laws 13, 14 and 15: callbacks beside what they tell. */
public final class CallbackRaces {
  private CallbackRaces() {}

  /**
   * A consumer says idle and looks once more; the callback looks whether it is idle: one of them
   * acts.
   */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the callback schedules it")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "it finds the item itself")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law13IdleConsumer {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private volatile boolean idle;
    private volatile int scheduled;

    public Law13IdleConsumer() {
      pipe.addCallback(
          () -> {
            if (idle) {
              scheduled = 1;
            }
          });
    }

    @Actor
    public void producer() {
      pipe.enqueue(1);
    }

    @Actor
    public void consumer(II_Result r) {
      idle = true;
      r.r2 = pipe.dequeue() != null ? 1 : 0;
    }

    @Arbiter
    public void rest(II_Result r) {
      r.r1 = scheduled;
    }
  }

  /** The same with the close. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the callback")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "itself")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law13IdleConsumerAndClose {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private volatile boolean idle;
    private volatile int scheduled;

    public Law13IdleConsumerAndClose() {
      pipe.addCallback(
          () -> {
            if (idle) {
              scheduled = 1;
            }
          });
    }

    @Actor
    public void producer() {
      pipe.close();
    }

    @Actor
    public void consumer(II_Result r) {
      idle = true;
      r.r2 = pipe.isDone() ? 1 : 0;
    }

    @Arbiter
    public void rest(II_Result r) {
      r.r1 = scheduled;
    }
  }

  /** It hears of the item. */
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = Expect.ACCEPTABLE,
      desc = "told")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law14LateCallbackBesideEnqueue {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final AtomicInteger told = new AtomicInteger();

    @Actor
    public void producer() {
      pipe.enqueue(1);
    }

    @Actor
    public void consumer() {
      pipe.addCallback(told::incrementAndGet);
    }

    @Arbiter
    public void rest(I_Result r) {
      r.r1 = told.get();
    }
  }

  /** It hears of the close. */
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = Expect.ACCEPTABLE,
      desc = "told")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law14LateCallbackBesideClose {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final AtomicInteger told = new AtomicInteger();

    @Actor
    public void producer() {
      pipe.close();
    }

    @Actor
    public void consumer() {
      pipe.addCallback(told::incrementAndGet);
    }

    @Arbiter
    public void rest(I_Result r) {
      r.r1 = told.get();
    }
  }

  /** It hears of the error. */
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = Expect.ACCEPTABLE,
      desc = "told")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law14LateCallbackBesideError {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final AtomicInteger told = new AtomicInteger();
    private final Exception cause = new Exception("race");

    @Actor
    public void producer() {
      pipe.error(cause);
    }

    @Actor
    public void consumer() {
      pipe.addCallback(told::incrementAndGet);
    }

    @Arbiter
    public void rest(I_Result r) {
      r.r1 = told.get();
    }
  }

  /** The array of callbacks loses none. */
  @JCStressTest
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "only the one that stays")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law15TwoCallbacksAddedAndOneCancelled {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final AtomicInteger told = new AtomicInteger();

    @Actor
    public void one() {
      pipe.addCallback(told::incrementAndGet);
    }

    @Actor
    public void two() {
      pipe.addCallback(told::incrementAndGet).cancel();
    }

    @Arbiter
    public void rest(I_Result r) {
      pipe.enqueue(1);
      r.r1 = told.get();
    }
  }

  /** A throw beside a close with an item waiting: the error is kept. */
  @JCStressTest
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the error of the pipe")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law18CallbackThrowsBesideClose {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final RuntimeException thrown = new RuntimeException("race");

    public Law18CallbackThrowsBesideClose() {
      pipe.enqueue(1);
      boolean[] once = {false};
      pipe.addCallback(
          () -> {
            if (once[0] && !pipe.isDone()) {
              throw thrown;
            }
            once[0] = true;
          });
    }

    @Actor
    public void producer() {
      try {
        pipe.enqueue(2);
      } catch (IllegalStateException closed) {
        // the other was first, and its callback throws
      }
    }

    @Actor
    public void closer() {
      pipe.close();
    }

    @Arbiter
    public void rest(I_Result r) {
      r.r1 = pipe.error() == thrown ? 1 : 0;
    }
  }
}
