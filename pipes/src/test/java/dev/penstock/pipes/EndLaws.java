package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Laws 6 to 11: the end of a pipe. */
interface EndLaws<T> extends PipeFixture<T> {
  @Test
  default void law06_doneWhenTheLastItemIsOut() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    assertFalse(pipe.tap().isDone());
    pipe.feed().enqueue(item(0));
    pipe.feed().enqueue(item(1));
    pipe.feed().close();
    assertTrue(pipe.feed().isClosed());
    assertTrue(pipe.tap().isClosed());
    assertFalse(pipe.tap().isDone());
    assertEquals(0, number(pipe.tap().dequeue()));
    assertFalse(pipe.tap().isDone());
    assertEquals(1, number(pipe.tap().dequeue()));
    assertTrue(pipe.tap().isDone());
    assertFalse(pipe.tap().isError());
    assertFalse(pipe.feed().isStopped());
    assertNull(pipe.tap().dequeue());
  }

  @Test
  default void law06_anEmptyPipeIsDoneWhenClosed() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().close();
    assertTrue(pipe.tap().isDone());
  }

  @Test
  default void law07_nothingAfterClose() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().enqueue(item(0));
    pipe.feed().close();
    assertThrows(IllegalStateException.class, () -> pipe.feed().enqueue(item(1)));
    assertThrows(IllegalStateException.class, () -> pipe.feed().enqueueAll(items(1, 3)));
    pipe.feed().enqueueAll(List.of());
    assertEquals(List.of(0), drain(pipe.tap()));
    assertTrue(pipe.tap().isDone());
  }

  @Test
  default void law07_closingAgainDoesNothing() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().close();
    Told told = new Told();
    pipe.tap().addCallback(told);
    told.take();
    pipe.feed().close();
    assertEquals(0, told.times());
  }

  @Test
  default void law08_firstErrorWins() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    Exception first = new Exception("first");
    Exception second = new Exception("second");
    Exception third = new Exception("third");
    pipe.feed().error(first);
    pipe.feed().error(second);
    pipe.feed().error(third);
    pipe.feed().error(first);
    assertSame(first, pipe.tap().error());
    assertArrayEquals(new Throwable[] {second, third}, first.getSuppressed());
  }

  @Test
  default void law08_errorDropsWhatWaits() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().enqueueAll(items(0, 3));
    pipe.feed().error(new Exception("disk"));
    assertNull(pipe.tap().dequeue());
    assertEquals(0, pipe.tap().dequeueAll(new ArrayList<>(), 9));
    pipe.feed().enqueue(item(4));
    pipe.feed().enqueueAll(items(5, 7));
    assertNull(pipe.tap().dequeue());
  }

  @Test
  default void law08_errorOfAClosedPipeThatStillHolds() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().enqueue(item(0));
    pipe.feed().close();
    Exception cause = new Exception("late");
    pipe.feed().error(cause);
    assertSame(cause, pipe.tap().error());
    assertTrue(pipe.tap().isDone());
    assertNull(pipe.tap().dequeue());
  }

  @Test
  default void law09_errorIsDeliveredOnce() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    Told told = new Told();
    Told creditTold = new Told();
    pipe.tap().addCallback(told);
    pipe.feed().addCreditCallback(creditTold);
    told.take();
    creditTold.take();
    Exception cause = new Exception("disk");
    pipe.feed().error(cause);
    pipe.feed().error(new Exception("again"));
    pipe.feed().close();
    assertEquals(List.of(Thread.currentThread()), told.take());
    assertEquals(List.of(Thread.currentThread()), creditTold.take());
    assertTrue(pipe.tap().isError());
    assertTrue(pipe.tap().isDone());
    assertTrue(pipe.feed().isStopped());
    assertSame(cause, pipe.tap().error());
    assertSame(cause, pipe.tap().error());
  }

  @Test
  default void law10_stopDropsAndTellsTheProducers() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    Told creditTold = new Told();
    pipe.feed().addCreditCallback(creditTold);
    pipe.feed().enqueueAll(items(0, 3));
    creditTold.take();
    assertFalse(pipe.feed().isStopped());
    pipe.tap().stop();
    assertEquals(List.of(Thread.currentThread()), creditTold.take());
    assertTrue(pipe.feed().isStopped());
    assertTrue(pipe.tap().isDone());
    assertFalse(pipe.tap().isError());
    assertNull(pipe.tap().dequeue());
    pipe.feed().enqueue(item(3));
    pipe.feed().enqueueAll(items(4, 6));
    assertNull(pipe.tap().dequeue());
  }

  @Test
  default void law10_whatComesAfterAStopAndACloseIsDropped() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.tap().stop();
    pipe.feed().close();
    pipe.feed().enqueue(item(0));
    assertNull(pipe.tap().dequeue());
    assertTrue(pipe.feed().isStopped());
  }

  @Test
  default void law10_aLateCreditCallbackHearsOfTheStop() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.tap().stop();
    Told creditTold = new Told();
    pipe.feed().addCreditCallback(creditTold);
    assertEquals(List.of(Thread.currentThread()), creditTold.take());
  }

  @Test
  default void law11_anErrorAfterTheLastItemIsNone() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().enqueue(item(0));
    pipe.feed().close();
    drain(pipe.tap());
    pipe.feed().error(new Exception("too late"));
    pipe.tap().stop();
    assertNull(pipe.tap().error());
    assertFalse(pipe.tap().isError());
    assertFalse(pipe.feed().isStopped());
    assertTrue(pipe.tap().isDone());
  }

  @Test
  default void law11_anErrorAfterAStopIsNone() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    Told told = new Told();
    pipe.tap().addCallback(told);
    pipe.tap().stop();
    told.take();
    pipe.feed().error(new Exception("too late"));
    assertNull(pipe.tap().error());
    assertEquals(0, told.times());
  }

  @Test
  default void law11_aStopAfterAnErrorLeavesTheError() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    Exception cause = new Exception("disk");
    pipe.feed().error(cause);
    pipe.tap().stop();
    assertSame(cause, pipe.tap().error());
  }
}
