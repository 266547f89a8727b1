package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Laws 1 to 3: items. */
interface ItemLaws<T> extends PipeFixture<T> {
  @Test
  default void law01_acceptsWithoutCredit() {
    PipeEnds<T> pipe = open(2);
    for (int i = 0; i < 5; i++) {
      pipe.feed().enqueue(item(i));
    }
    assertEquals(List.of(0, 1, 2, 3, 4), drain(pipe.tap()));
  }

  @Test
  default void law01_nullIsNoItem() {
    PipeEnds<T> pipe = open(2);
    assertThrows(NullPointerException.class, () -> pipe.feed().enqueue(nothing()));
    assertNull(pipe.tap().dequeue());
  }

  @SuppressWarnings({"NullAway", "DataFlowIssue", "TypeParameterUnusedInFormals"})
  private static <N> N nothing() {
    return (N) null;
  }

  @Test
  default void law02_firstInFirstOut() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      pipe.feed().enqueue(item(i));
      if (i % 3 == 0) {
        out.add(number(pipe.tap().dequeue()));
      }
    }
    out.addAll(drain(pipe.tap()));
    for (int i = 0; i < 900; i++) {
      assertEquals(i, out.get(i));
    }
    assertEquals(900, out.size());
  }

  @Test
  default void law02_enqueueAllStaysTogetherAndInOrder() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().enqueue(item(0));
    pipe.feed().enqueueAll(items(1, 400));
    pipe.feed().enqueue(item(400));
    List<T> out = new ArrayList<>();
    assertEquals(7, pipe.tap().dequeueAll(out, 7));
    assertEquals(394, pipe.tap().dequeueAll(out, PipeLaws.ROOMY));
    for (int i = 0; i <= 400; i++) {
      assertEquals(i, number(out.get(i)));
    }
  }

  @Test
  default void law03_eachItemComesOutOnce() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().enqueueAll(items(0, 3));
    assertEquals(List.of(0, 1, 2), drain(pipe.tap()));
    assertNull(pipe.tap().dequeue());
    assertEquals(0, pipe.tap().dequeueAll(new ArrayList<>(), PipeLaws.ROOMY));
  }

  @Test
  default void law03_dequeueAllTakesNoMoreThanAsked() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().enqueueAll(items(0, 10));
    List<T> some = new ArrayList<>();
    assertEquals(0, pipe.tap().dequeueAll(some, 0));
    assertEquals(4, pipe.tap().dequeueAll(some, 4));
    assertEquals(List.of(4, 5, 6, 7, 8, 9), drain(pipe.tap()));
  }
}
