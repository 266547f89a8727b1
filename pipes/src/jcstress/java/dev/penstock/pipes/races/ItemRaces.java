package dev.penstock.pipes.races;

import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.QueuePipe;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Laws 2, 3, 4 and 13: items between threads. */
public final class ItemRaces {
  private ItemRaces() {}

  /** An item is taken now or later, once. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "taken at once")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "taken later")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law03EnqueueDequeue {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);

    @Actor
    public void producer() {
      pipe.enqueue(1);
    }

    @Actor
    public void consumer(II_Result r) {
      r.r1 = pipe.dequeue() != null ? 1 : 0;
    }

    @Arbiter
    public void rest(II_Result r) {
      while (pipe.dequeue() != null) {
        r.r2++;
      }
    }
  }

  /** Each producer keeps its order. */
  @JCStressTest
  @Outcome(
      id = {"1234", "1324", "1342", "3124", "3142", "3412"},
      expect = Expect.ACCEPTABLE,
      desc = "1 before 2, 3 before 4")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law02TwoProducers {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);

    @Actor
    public void one() {
      pipe.enqueue(1);
      pipe.enqueue(2);
    }

    @Actor
    public void two() {
      pipe.enqueue(3);
      pipe.enqueue(4);
    }

    @Arbiter
    public void rest(I_Result r) {
      for (Integer item = pipe.dequeue(); item != null; item = pipe.dequeue()) {
        r.r1 = r.r1 * 10 + item;
      }
    }
  }

  /** Nothing of another comes between. */
  @JCStressTest
  @Outcome(
      id = {"123", "312"},
      expect = Expect.ACCEPTABLE,
      desc = "2 right after 1")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law02EnqueueAllStaysTogether {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);

    @Actor
    public void one() {
      pipe.enqueueAll(List.of(1, 2));
    }

    @Actor
    public void two() {
      pipe.enqueue(3);
    }

    @Arbiter
    public void rest(I_Result r) {
      for (Integer item = pipe.dequeue(); item != null; item = pipe.dequeue()) {
        r.r1 = r.r1 * 10 + item;
      }
    }
  }

  /** Two items, two consumers: each gets one, and none finds the pipe empty. */
  @JCStressTest
  @Outcome(
      id = {"1, 2", "2, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "one each")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law03TwoConsumers {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);

    public Law03TwoConsumers() {
      pipe.enqueueAll(List.of(1, 2));
    }

    @Actor
    public void one(II_Result r) {
      Integer item = pipe.dequeue();
      r.r1 = item == null ? 0 : item;
    }

    @Actor
    public void two(II_Result r) {
      Integer item = pipe.dequeue();
      r.r2 = item == null ? 0 : item;
    }
  }

  /** Three items, once each. */
  @JCStressTest
  @Outcome(
      id = {"1, 23", "2, 13", "3, 12"},
      expect = Expect.ACCEPTABLE,
      desc = "once each")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law03DequeueAllBesideDequeue {
    private final Pipe<Integer> pipe = QueuePipe.ofItems("race", 8);

    public Law03DequeueAllBesideDequeue() {
      pipe.enqueueAll(List.of(1, 2, 3));
    }

    @Actor
    public void one(II_Result r) {
      Integer item = pipe.dequeue();
      r.r1 = item == null ? 0 : item;
    }

    @Actor
    public void many(II_Result r) {
      List<Integer> some = new ArrayList<>();
      pipe.dequeueAll(some, 2);
      for (int item : some) {
        r.r2 = r.r2 * 10 + item;
      }
    }
  }

  /** What was written before the enqueue is seen after the dequeue. */
  @JCStressTest
  @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "42", expect = Expect.ACCEPTABLE, desc = "seen")
  @Outcome(expect = Expect.FORBIDDEN, desc = "breaks the law")
  @State
  public static class Law04Visibility {
    private final Pipe<int[]> pipe = QueuePipe.ofItems("race", 8);

    @Actor
    public void producer() {
      int[] box = {-1};
      box[0] = 42;
      pipe.enqueue(box);
    }

    @Actor
    public void consumer(I_Result r) {
      int[] box = pipe.dequeue();
      r.r1 = box == null ? 0 : box[0];
    }
  }
}
