package dev.penstock.pipes.races;

import dev.penstock.pipes.Mux;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.QueuePipe;
import dev.penstock.pipes.Tee;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Laws 24 to 29: many pipes as one. */
public final class MuxTeeRaces {
  private MuxTeeRaces() {}

  /** A mux that is done because an input failed has the error. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not yet")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the error came between")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "done, with the error")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law26DoneWithItsError {
    private final Pipe<Integer> a = QueuePipe.ofItems("a", 1);
    private final Pipe<Integer> b = QueuePipe.ofItems("b", 1);
    private final Mux<Integer> mux = Mux.of(List.of(a, b));
    private final Exception cause = new Exception("race");

    public Law26DoneWithItsError() {
      b.close();
    }

    @Actor
    public void failer() {
      a.error(cause);
    }

    @Actor
    public void consumer(II_Result r) {
      r.r1 = mux.isDone() ? 1 : 0;
      r.r2 = mux.error() == cause ? 1 : 0;
    }
  }

  /** One error wins, the other is kept or its pipe was stopped before. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "one error")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law26TwoInputsFail {
    private final Pipe<Integer> a = QueuePipe.ofItems("a", 1);
    private final Pipe<Integer> b = QueuePipe.ofItems("b", 1);
    private final Mux<Integer> mux = Mux.of(List.of(a, b));
    private final Exception one = new Exception("one");
    private final Exception two = new Exception("two");

    @Actor
    public void one() {
      a.error(one);
    }

    @Actor
    public void two() {
      b.error(two);
    }

    @Arbiter
    public void rest(II_Result r) {
      Throwable first = mux.error();
      r.r1 = first != null && mux.isDone() && a.isStopped() && b.isStopped() ? 1 : 0;
      boolean bothFailed = a.isError() && b.isError();
      r.r2 = first == null ? -1 : first.getSuppressed().length;
      if (bothFailed != (r.r2 == 1)) {
        r.r2 = -2;
      }
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
  public static class Law14LateCallbackOnAMux {
    private final Pipe<Integer> a = QueuePipe.ofItems("a", 1);
    private final Pipe<Integer> b = QueuePipe.ofItems("b", 1);
    private final AtomicInteger told = new AtomicInteger();
    private final Mux<Integer> mux = Mux.of(List.of(a, b));

    @Actor
    public void producer() {
      b.enqueue(1);
    }

    @Actor
    public void consumer() {
      mux.addCallback(
          () -> {
            if (mux.dequeue() != null) {
              told.incrementAndGet();
            }
          });
    }

    @Arbiter
    public void rest(I_Result r) {
      r.r1 = told.get();
    }
  }

  /** The last close is told when the mux is done. */
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = Expect.ACCEPTABLE,
      desc = "told")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law25TwoInputsClose {
    private final Pipe<Integer> a = QueuePipe.ofItems("a", 1);
    private final Pipe<Integer> b = QueuePipe.ofItems("b", 1);
    private final AtomicInteger told = new AtomicInteger();
    private final Mux<Integer> mux = Mux.of(List.of(a, b));

    public Law25TwoInputsClose() {
      mux.addCallback(
          () -> {
            if (mux.isDone()) {
              told.incrementAndGet();
            }
          });
    }

    @Actor
    public void one() {
      a.close();
    }

    @Actor
    public void two() {
      b.close();
    }

    @Arbiter
    public void rest(I_Result r) {
      r.r1 = told.get();
    }
  }

  /** All branches have the item, or none and it was refused. */
  @JCStressTest
  @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "everywhere")
  @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "nowhere")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law29EnqueueBesideClose {
    private final Pipe<Integer> a = QueuePipe.ofItems("a", 1);
    private final Pipe<Integer> b = QueuePipe.ofItems("b", 1);
    private final Tee<Integer> tee = Tee.of(List.of(a, b));

    @Actor
    public void producer(III_Result r) {
      try {
        tee.enqueue(1);
        r.r1 = 1;
      } catch (IllegalStateException e) {
        r.r1 = 0;
      }
    }

    @Actor
    public void closer() {
      tee.close();
    }

    @Arbiter
    public void rest(III_Result r) {
      r.r2 = a.dequeue() != null ? 1 : 0;
      r.r3 = b.dequeue() != null ? 1 : 0;
      if (!a.isDone() || !b.isDone()) {
        r.r3 = -1;
      }
    }
  }

  /** Two branches have their credit back at once: the producer is told. */
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = Expect.ACCEPTABLE,
      desc = "told")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law28BothBranchesDrain {
    private final Pipe<Integer> a = QueuePipe.ofItems("a", 1);
    private final Pipe<Integer> b = QueuePipe.ofItems("b", 1);
    private final AtomicInteger told = new AtomicInteger();
    private final Tee<Integer> tee = Tee.of(List.of(a, b));

    public Law28BothBranchesDrain() {
      tee.addCreditCallback(told::incrementAndGet);
      tee.enqueue(1);
    }

    @Actor
    public void one() {
      a.dequeue();
    }

    @Actor
    public void two() {
      b.dequeue();
    }

    @Arbiter
    public void rest(I_Result r) {
      r.r1 = told.get();
    }
  }
}
