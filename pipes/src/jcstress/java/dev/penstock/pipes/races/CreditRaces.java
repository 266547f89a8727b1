package dev.penstock.pipes.races;

import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.QueuePipe;
import java.util.ArrayList;
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

/** Laws 10, 21 and 22: a producer that waits for credit is told. */
public final class CreditRaces {
  private CreditRaces() {}

  /** Who saw no credit is told when the item is out. */
  @JCStressTest
  @Outcome(
      id = {"0, 0, 1", "0, 1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "no credit, told")
  @Outcome(
      id = {"1, 1, 0", "1, 1, 1", "1, 0, 1", "1, 0, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "had credit")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law22FullPipeOfOne {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 1);
    private final AtomicInteger told = new AtomicInteger();

    public Law22FullPipeOfOne() {
      pipe.addCreditCallback(told::incrementAndGet);
    }

    @Actor
    public void producer(III_Result r) {
      pipe.enqueue(1);
      r.r1 = pipe.credit() > 0 ? 1 : 0;
    }

    @Actor
    public void consumer(III_Result r) {
      r.r2 = pipe.dequeue() != null ? 1 : 0;
    }

    @Arbiter
    public void rest(III_Result r) {
      pipe.dequeue();
      r.r3 = told.get();
    }
  }

  /** A producer sees no credit because of the item of another: it is told. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "no credit, told")
  @Outcome(
      id = {"1, 0", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "had credit")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law22OtherProducer {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 1);
    private final AtomicInteger told = new AtomicInteger();

    public Law22OtherProducer() {
      pipe.addCreditCallback(told::incrementAndGet);
    }

    @Actor
    public void fillAndDrain() {
      pipe.enqueue(1);
      pipe.dequeue();
    }

    @Actor
    public void producer(II_Result r) {
      r.r1 = pipe.credit() > 0 ? 1 : 0;
    }

    @Arbiter
    public void rest(II_Result r) {
      r.r2 = told.get();
    }
  }

  /** The same on three threads: the drain may overtake the enqueue that it drains. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "no credit, told")
  @Outcome(
      id = {"1, 0", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "had credit")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law22OtherProducerAndConsumer {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 1);
    private final AtomicInteger told = new AtomicInteger();

    public Law22OtherProducerAndConsumer() {
      pipe.addCreditCallback(told::incrementAndGet);
    }

    @Actor
    public void fill() {
      pipe.enqueue(1);
    }

    @Actor
    public void drain() {
      pipe.dequeue();
    }

    @Actor
    public void producer(II_Result r) {
      r.r1 = pipe.credit() > 0 ? 1 : 0;
    }

    @Arbiter
    public void rest(II_Result r) {
      pipe.dequeue();
      r.r2 = told.get();
    }
  }

  /** Items of a sixteenth of the pipe, drained one by one while the last one fills it. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "no credit, told")
  @Outcome(
      id = {"1, 0", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "had credit")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law22SmallItemsWithoutFence {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 16);
    private final AtomicInteger told = new AtomicInteger();

    public Law22SmallItemsWithoutFence() {
      pipe.addCreditCallback(told::incrementAndGet);
      for (int i = 0; i < 15; i++) {
        pipe.enqueue(i);
      }
    }

    @Actor
    public void producer(II_Result r) {
      pipe.enqueue(15);
      r.r1 = pipe.credit() > 0 ? 1 : 0;
    }

    @Actor
    public void consumer() {
      while (pipe.dequeue() != null) {
        // to the end
      }
    }

    @Arbiter
    public void rest(II_Result r) {
      while (pipe.dequeue() != null) {
        // to the end
      }
      r.r2 = told.get();
    }
  }

  /** The same with one dequeueAll, and an enqueueAll that overshoots. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "no credit, told")
  @Outcome(
      id = {"1, 0", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "had credit")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law22DrainAllWhileItFills {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 4);
    private final AtomicInteger told = new AtomicInteger();

    public Law22DrainAllWhileItFills() {
      pipe.addCreditCallback(told::incrementAndGet);
      pipe.enqueueAll(List.of(1, 2, 3));
    }

    @Actor
    public void producer(II_Result r) {
      pipe.enqueueAll(List.of(4, 5, 6));
      r.r1 = pipe.credit() > 0 ? 1 : 0;
    }

    @Actor
    public void consumer() {
      pipe.dequeueAll(new ArrayList<>(), 9);
    }

    @Arbiter
    public void rest(II_Result r) {
      pipe.dequeueAll(new ArrayList<>(), 9);
      r.r2 = told.get();
    }
  }

  /** A full pipe is drained while another item fills it: the last word is right. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "full, and the next dequeue tells")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law22FilledAgain {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 1);
    private final AtomicInteger told = new AtomicInteger();

    public Law22FilledAgain() {
      pipe.addCreditCallback(told::incrementAndGet);
      pipe.enqueue(1);
    }

    @Actor
    public void consumer() {
      pipe.dequeue();
    }

    @Actor
    public void producer() {
      pipe.enqueue(2);
    }

    @Arbiter
    public void rest(II_Result r) {
      int before = told.get();
      r.r1 = pipe.credit() > 0 ? 1 : 0;
      pipe.dequeue();
      // the item that waits must still be able to bring the credit back
      r.r2 = told.get() > before ? 1 : 0;
    }
  }

  /** It hears of the stop. */
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = Expect.ACCEPTABLE,
      desc = "told")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law10LateCreditCallbackBesideStop {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);
    private final AtomicInteger told = new AtomicInteger();

    @Actor
    public void producer() {
      pipe.addCreditCallback(told::incrementAndGet);
    }

    @Actor
    public void consumer() {
      pipe.stop();
    }

    @Arbiter
    public void rest(I_Result r) {
      r.r1 = told.get();
    }
  }
}
