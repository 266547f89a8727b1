package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Laws 20 and 21: credit. */
interface CreditLaws<T> extends PipeFixture<T> {
  @Test
  default void law20_creditIsCapacityLessWhatWaits() {
    PipeEnds<T> pipe = open(3);
    long weight = weight();
    assertTrue(pipe.feed().credit() > 2 * weight);
    assertTrue(pipe.feed().credit() <= 3 * weight);
    long all = pipe.feed().credit();
    pipe.feed().enqueue(item(0));
    assertEquals(all - weight, pipe.feed().credit());
    pipe.feed().enqueueAll(items(1, 5));
    assertEquals(all - 5 * weight, pipe.feed().credit());
    pipe.tap().dequeue();
    assertEquals(all - 4 * weight, pipe.feed().credit());
    drain(pipe.tap());
    assertEquals(all, pipe.feed().credit());
    pipe.feed().enqueueAll(items(1, 5));
    pipe.tap().stop();
    assertTrue(pipe.feed().credit() > 0);
  }

  @Test
  default void law21_creditComesBackAtHalf() throws Exception {
    PipeEnds<T> pipe = open(10);
    Told told = new Told();
    pipe.feed().addCreditCallback(told);
    pipe.feed().enqueueAll(items(0, 9));
    drain(pipe.tap());
    assertEquals(0, told.times(), "it has not been full");
    pipe.feed().enqueueAll(items(0, 10));
    assertTrue(pipe.feed().credit() <= 0);
    for (int i = 0; i < 4; i++) {
      pipe.tap().dequeue();
    }
    assertEquals(0, told.times(), "more than half waits");
    Thread other =
        PipeLaws.onAnotherThread(
            () -> {
              pipe.tap().dequeue();
              pipe.tap().dequeue();
              return Thread.currentThread();
            });
    assertEquals(List.of(other), told.take());
    drain(pipe.tap());
    assertEquals(0, told.times(), "once for each time it was full");
    pipe.feed().enqueueAll(items(0, 30));
    pipe.tap().dequeueAll(new ArrayList<>(), 29);
    assertEquals(1, told.times());
  }

  @Test
  default void law21_aPipeOfOneItem() {
    PipeEnds<T> pipe = open(1);
    int[] next = {0};
    Runnable produce =
        () -> {
          while (pipe.feed().credit() > 0 && next[0] < 100) {
            pipe.feed().enqueue(item(next[0]++));
          }
          if (next[0] == 100) {
            pipe.feed().close();
          }
        };
    pipe.feed().addCreditCallback(produce);
    produce.run();
    List<Integer> out = drain(pipe.tap());
    assertEquals(100, out.size());
    assertEquals(99, out.get(99));
    assertTrue(pipe.tap().isDone());
  }
}
