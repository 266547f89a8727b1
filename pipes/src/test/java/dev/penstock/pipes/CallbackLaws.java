package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Laws 12 to 18: callbacks. */
interface CallbackLaws<T> extends PipeFixture<T> {
  @Test
  default void law12_callbacksRunOnceForEachEventOnItsThread() throws Exception {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    Told told = new Told();
    pipe.tap().addCallback(told);
    told.take();
    pipe.feed().enqueue(item(0));
    assertEquals(List.of(Thread.currentThread()), told.take());
    pipe.feed().enqueueAll(items(1, 9));
    assertEquals(List.of(Thread.currentThread()), told.take());
    pipe.feed().enqueueAll(List.of());
    assertEquals(List.of(), told.take());
    Thread other =
        PipeLaws.onAnotherThread(
            () -> {
              pipe.feed().enqueue(item(9));
              return Thread.currentThread();
            });
    assertEquals(List.of(other), told.take());
    drain(pipe.tap());
    assertEquals(List.of(), told.take());
    pipe.feed().close();
    assertEquals(List.of(Thread.currentThread()), told.take());
  }

  @Test
  default void law12_everyCallbackIsTold() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    Told one = new Told();
    Told two = new Told();
    pipe.tap().addCallback(one);
    pipe.tap().addCallback(two);
    one.take();
    two.take();
    pipe.feed().enqueue(item(0));
    assertEquals(1, one.times());
    assertEquals(1, two.times());
  }

  @Test
  default void law13_theItemIsThereWhenTheCallbackRuns() throws Exception {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    List<Integer> seen = new ArrayList<>();
    pipe.tap()
        .addCallback(
            () -> {
              try {
                // another thread sees it as well
                seen.addAll(PipeLaws.onAnotherThread(() -> drain(pipe.tap())));
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    seen.clear();
    pipe.feed().enqueue(item(0));
    pipe.feed().enqueueAll(items(1, 3));
    assertNull(pipe.tap().error());
    assertEquals(List.of(0, 1, 2), seen);
  }

  @Test
  default void law14_lateCallbackHearsWhatWaits() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().enqueue(item(0));
    Told told = new Told();
    pipe.tap().addCallback(told);
    assertEquals(List.of(Thread.currentThread()), told.take());
  }

  @Test
  default void law14_lateCallbackHearsOfTheClose() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().close();
    Told told = new Told();
    pipe.tap().addCallback(told);
    assertEquals(List.of(Thread.currentThread()), told.take());
  }

  @Test
  default void law14_lateCallbackHearsOfTheError() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    pipe.feed().error(new Exception("disk"));
    Told told = new Told();
    pipe.tap().addCallback(told);
    assertEquals(List.of(Thread.currentThread()), told.take());
  }

  @Test
  default void law15_cancelledCallbackDoesNotRun() {
    PipeEnds<T> pipe = open(1);
    Told told = new Told();
    Subscription once = pipe.tap().addCallback(told);
    Subscription twice = pipe.tap().addCallback(told);
    Told creditTold = new Told();
    Subscription credit = pipe.feed().addCreditCallback(creditTold);
    told.take();
    once.cancel();
    once.cancel();
    pipe.feed().enqueue(item(0));
    assertEquals(1, told.take().size());
    twice.cancel();
    credit.cancel();
    pipe.feed().enqueue(item(1));
    drain(pipe.tap());
    pipe.feed().close();
    assertEquals(0, told.times());
    assertEquals(0, creditTold.times());
  }

  @Test
  default void law16_noLockIsHeldWhileACallbackRuns() throws Exception {
    PipeEnds<T> pipe = open(1);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Subscription[] subscription = new Subscription[1];
    subscription[0] =
        pipe.tap()
            .addCallback(
                () -> {
                  if (subscription[0] != null && Thread.currentThread().getName().equals("in")) {
                    entered.countDown();
                    PipeLaws.awaitQuietly(leave);
                  }
                });
    Thread in = new Thread(() -> pipe.feed().enqueue(item(0)), "in");
    in.start();
    assertTrue(entered.await(20, TimeUnit.SECONDS));
    // the callback is running: every method goes on, here and on the other thread afterwards
    pipe.feed().enqueue(item(1));
    assertEquals(List.of(0, 1), drain(pipe.tap()));
    pipe.feed().addCreditCallback(new Told()).cancel();
    pipe.tap().addCallback(new Told()).cancel();
    subscription[0].cancel();
    pipe.feed().close();
    leave.countDown();
    in.join(20_000);
    assertFalse(in.isAlive());
    assertTrue(pipe.tap().isDone());
  }

  @Test
  default void law17_twoPipesThatFeedEachOtherNeedNoStack() {
    PipeEnds<T> ping = open(PipeLaws.ROOMY);
    PipeEnds<T> pong = open(PipeLaws.ROOMY);
    int[] turns = {0};
    int[] deepest = {0};
    Runnable pass =
        () -> {
          deepest[0] = Math.max(deepest[0], stackDepth());
          T ball = ping.tap().dequeue();
          if (ball != null && turns[0]++ < 20_000) {
            pong.feed().enqueue(ball);
          }
          ball = pong.tap().dequeue();
          if (ball != null && turns[0]++ < 20_000) {
            ping.feed().enqueue(ball);
          }
        };
    ping.tap().addCallback(pass);
    pong.tap().addCallback(pass);
    ping.feed().enqueue(item(0));
    assertTrue(turns[0] >= 20_000, "turns " + turns[0]);
    assertTrue(deepest[0] < stackDepth() + 400, "stack " + deepest[0]);
    assertNull(ping.tap().error());
  }

  private static int stackDepth() {
    return StackWalker.getInstance().walk(frames -> (int) frames.count());
  }

  @Test
  default void law17_aLongChainNeedsNoStack() {
    List<PipeEnds<T>> chain = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      chain.add(open(PipeLaws.ROOMY));
    }
    int[] deepest = {0};
    for (int i = 0; i < 499; i++) {
      Tap<T> from = chain.get(i).tap();
      Feed<T> to = chain.get(i + 1).feed();
      from.addCallback(
          () -> {
            deepest[0] = Math.max(deepest[0], stackDepth());
            for (T item = from.dequeue(); item != null; item = from.dequeue()) {
              to.enqueue(item);
            }
          });
    }
    chain.get(0).feed().enqueueAll(items(0, 5));
    assertEquals(List.of(0, 1, 2, 3, 4), drain(chain.get(499).tap()));
    assertTrue(deepest[0] < stackDepth() + 400, "stack " + deepest[0]);
  }

  @Test
  default void law17_aCallbackIsNotEnteredWhileItRuns() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    List<Integer> seen = new ArrayList<>();
    boolean[] inside = {false};
    pipe.tap()
        .addCallback(
            () -> {
              assertFalse(inside[0], "entered twice");
              inside[0] = true;
              T item = pipe.tap().dequeue();
              if (item != null) {
                seen.add(number(item));
                if (number(item) < 5) {
                  pipe.feed().enqueue(item(number(item) + 1));
                }
              }
              inside[0] = false;
            });
    pipe.feed().enqueue(item(0));
    assertNull(pipe.tap().error());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), seen);
  }

  @Test
  default void law18_whatACallbackThrowsIsTheError() {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    RuntimeException thrown = new RuntimeException("consumer");
    Subscription[] thrower = new Subscription[1];
    boolean[] armed = {false};
    thrower[0] =
        pipe.tap()
            .addCallback(
                () -> {
                  if (armed[0] && !pipe.tap().isDone()) {
                    throw thrown;
                  }
                });
    Told other = new Told();
    pipe.tap().addCallback(other);
    other.take();
    armed[0] = true;
    pipe.feed().enqueue(item(0));
    assertSame(thrown, pipe.tap().error());
    assertTrue(pipe.feed().isStopped());
    assertTrue(other.times() > 0);
    assertNull(pipe.tap().dequeue());
  }

  @Test
  default void law18_whatACreditCallbackThrowsIsTheErrorAndTheItemIsKept() {
    PipeEnds<T> pipe = open(1);
    RuntimeException thrown = new RuntimeException("producer");
    pipe.feed()
        .addCreditCallback(
            () -> {
              if (!pipe.feed().isStopped()) {
                throw thrown;
              }
            });
    pipe.feed().enqueue(item(0));
    T out = pipe.tap().dequeue();
    assertNotNull(out);
    assertEquals(0, number(out));
    assertSame(thrown, pipe.tap().error());
  }

  @Test
  default void law18_onAPipeThatIsDoneItGoesToTheThread() throws Exception {
    PipeEnds<T> pipe = open(PipeLaws.ROOMY);
    RuntimeException thrown = new RuntimeException("finish");
    pipe.tap()
        .addCallback(
            () -> {
              if (pipe.tap().isDone()) {
                throw thrown;
              }
            });
    List<Throwable> uncaught = new ArrayList<>();
    boolean[] wentOn = {false};
    Thread thread =
        new Thread(
            () -> {
              pipe.feed().close();
              wentOn[0] = true;
            });
    thread.setUncaughtExceptionHandler((t, e) -> uncaught.add(e));
    thread.start();
    thread.join(20_000);
    assertEquals(List.of(thrown), uncaught);
    assertTrue(wentOn[0]);
    assertNull(pipe.tap().error());
  }
}
