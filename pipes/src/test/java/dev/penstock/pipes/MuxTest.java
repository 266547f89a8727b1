package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MuxTest extends PipeLaws<Integer> {
  /** A mux whose other input has nothing more to give. */
  @Override
  public PipeEnds<Integer> open(int capacityItems) {
    Pipe<Integer> quiet = QueuePipe.ofItems("quiet", 1);
    quiet.close();
    Pipe<Integer> input = QueuePipe.ofItems("input", capacityItems);
    return new PipeEnds<>(input, Mux.of(List.of(quiet, input)));
  }

  @Override
  public Integer item(int number) {
    return number;
  }

  @Override
  public int number(Integer item) {
    return item;
  }

  @Override
  public long weight() {
    return 1;
  }

  private final Pipe<Integer> a = QueuePipe.ofItems("a", 10);
  private final Pipe<Integer> b = QueuePipe.ofItems("b", 10);
  private final Pipe<Integer> c = QueuePipe.ofItems("c", 10);
  private final Mux<Integer> mux = Mux.of(List.of(a, b, c));

  @Test
  void law24_takesInTurn() {
    a.enqueueAll(List.of(1, 2, 3));
    b.enqueueAll(List.of(10, 20));
    c.enqueueAll(List.of(100));
    assertEquals(List.of(1, 10, 100, 2, 20, 3), drain(mux));
  }

  @Test
  void law24_dequeueAllTakesFromAll() {
    a.enqueueAll(List.of(1, 2, 3));
    c.enqueueAll(List.of(100));
    List<Integer> out = new ArrayList<>();
    assertEquals(2, mux.dequeueAll(out, 2));
    assertEquals(2, mux.dequeueAll(out, 5));
    assertEquals(List.of(1, 2, 100, 3), out);
  }

  @Test
  void law12_theNewsOfEachInputIsTold() {
    Told told = new Told();
    mux.addCallback(told);
    told.take();
    a.enqueue(1);
    b.enqueue(2);
    c.close();
    assertEquals(3, told.times());
  }

  @Test
  void law25_closedAndDoneWhenAllAre() {
    a.close();
    b.enqueue(1);
    b.close();
    assertFalse(mux.isClosed());
    c.close();
    assertTrue(mux.isClosed());
    assertFalse(mux.isDone());
    assertEquals(List.of(1), drain(mux));
    assertTrue(mux.isDone());
    assertNull(mux.error());
  }

  @Test
  void law25_ofNothingItIsDone() {
    Mux<Integer> none = Mux.of(List.of());
    assertTrue(none.isDone());
    assertTrue(none.isClosed());
    assertNull(none.dequeue());
  }

  @Test
  void law26_errorOfOneStopsTheOthers() {
    Told told = new Told();
    mux.addCallback(told);
    told.take();
    a.enqueue(1);
    b.enqueue(2);
    told.take();
    Exception first = new Exception("first");
    c.error(first);
    assertTrue(told.times() > 0);
    assertSame(first, mux.error());
    assertTrue(mux.isError());
    assertTrue(mux.isDone());
    assertTrue(a.isStopped());
    assertTrue(b.isStopped());
    assertFalse(a.isError());
    assertNull(mux.dequeue());
    assertEquals(0, mux.dequeueAll(new ArrayList<>(), 5));
  }

  @Test
  void law26_anErrorIsSeenBeforeItsCallbackHasRun() {
    // this callback of the input stands before the one of the mux
    Pipe<Integer> input = QueuePipe.ofItems("input", 10);
    List<String> seen = new ArrayList<>();
    List<Mux<Integer>> late = new ArrayList<>();
    input.addCallback(
        () -> {
          Mux<Integer> over = late.get(0);
          seen.add(over.isDone() + " " + over.isError() + " " + over.error());
        });
    Pipe<Integer> closed = QueuePipe.ofItems("closed", 10);
    closed.close();
    late.add(Mux.of(List.of(input, closed)));
    input.error(new Exception("disk"));
    assertEquals(List.of("true true java.lang.Exception: disk"), seen);
  }

  @Test
  void law08_errorsOfTwoInputsAtOnceAreKept() {
    Exception first = new Exception("first");
    Exception second = new Exception("second");
    Pipe<Integer> one = QueuePipe.ofItems("one", 10);
    Pipe<Integer> two = QueuePipe.ofItems("two", 10);
    // fails the second while the first is failing, before the mux can stop it
    one.addCallback(
        () -> {
          if (one.isError()) {
            two.error(second);
          }
        });
    Mux<Integer> both = Mux.of(List.of(one, two));
    one.error(first);
    Throwable error = both.error();
    assertTrue(error == first || error == second);
    assertArrayEquals(
        new Throwable[] {error == first ? second : first}, both.error().getSuppressed());
  }

  @Test
  void law26_stopStopsAll() {
    a.enqueue(1);
    mux.stop();
    assertTrue(a.isStopped() && b.isStopped() && c.isStopped());
    assertTrue(mux.isDone());
    assertFalse(mux.isError());
    assertNull(mux.dequeue());
  }

  @Test
  void law21_creditIsThatOfTheInput() {
    Told told = new Told();
    a.addCreditCallback(told);
    for (int i = 0; i < 10; i++) {
      a.enqueue(i);
    }
    assertEquals(0, a.credit());
    assertEquals(10, b.credit());
    drain(mux);
    assertEquals(1, told.times());
  }
}
