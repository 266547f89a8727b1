package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Laws 2, 3, 6, 13 and 22 under load: threads that wait for nothing but their callbacks. */
interface ThreadLaws<T> extends PipeFixture<T> {
  /** Runs the bodies at once, each on a thread, and throws what any of them threw. */
  private static void together(List<Body> bodies) throws Exception {
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (Body body : bodies) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  body.run();
                } catch (Throwable t) {
                  failures.add(t);
                }
              });
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join(2_000 * PipeLaws.PATIENCE_SECONDS);
      if (thread.isAlive()) {
        failures.add(new AssertionError(thread + " hangs"));
      }
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.toString(), failures.peek());
    }
  }

  /** What a thread does. */
  @FunctionalInterface
  interface Body {
    void run() throws Exception;
  }

  private static void acquire(Semaphore news) throws InterruptedException {
    assertTrue(news.tryAcquire(PipeLaws.PATIENCE_SECONDS, TimeUnit.SECONDS), "no callback came");
    news.drainPermits();
  }

  private void produce(Feed<T> feed, int from, int to) throws InterruptedException {
    Semaphore credit = new Semaphore(0);
    feed.addCreditCallback(credit::release);
    for (int i = from; i < to && !feed.isStopped(); ) {
      if (feed.credit() > 0) {
        feed.enqueue(item(i++));
      } else {
        acquire(credit);
      }
    }
  }

  @Test
  default void law02_law22_oneProducerOneConsumerInOrder() throws Exception {
    int count = 50_000;
    PipeEnds<T> pipe = open(16);
    together(
        List.of(
            () -> {
              produce(pipe.feed(), 0, count);
              pipe.feed().close();
            },
            () -> {
              Semaphore news = new Semaphore(0);
              pipe.tap().addCallback(news::release);
              int next = 0;
              while (true) {
                T item = pipe.tap().dequeue();
                if (item != null) {
                  assertEquals(next++, number(item));
                } else if (pipe.tap().isDone()) {
                  break;
                } else {
                  acquire(news);
                }
              }
              assertEquals(count, next);
              assertNull(pipe.tap().error());
            }));
  }

  @Test
  default void law03_law13_manyProducersManyConsumersLoseNothing() throws Exception {
    int producers = 3;
    int consumers = 3;
    int each = 20_000;
    PipeEnds<T> pipe = open(8);
    AtomicInteger open = new AtomicInteger(producers);
    BitSet seen = new BitSet();
    AtomicInteger total = new AtomicInteger();
    List<Body> bodies = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      int from = p * each;
      bodies.add(
          () -> {
            produce(pipe.feed(), from, from + each);
            if (open.decrementAndGet() == 0) {
              pipe.feed().close();
            }
          });
    }
    for (int c = 0; c < consumers; c++) {
      boolean many = c == 0;
      bodies.add(
          () -> {
            Semaphore news = new Semaphore(0);
            pipe.tap().addCallback(news::release);
            int[] last = new int[producers];
            java.util.Arrays.fill(last, -1);
            List<T> taken = new ArrayList<>();
            while (true) {
              taken.clear();
              if (many) {
                pipe.tap().dequeueAll(taken, 5);
              } else {
                T item = pipe.tap().dequeue();
                if (item != null) {
                  taken.add(item);
                }
              }
              for (T item : taken) {
                int number = number(item);
                // law 2: each consumer sees each producer's items in order
                assertTrue(last[number / each] < number, "out of order: " + number);
                last[number / each] = number;
                synchronized (seen) {
                  assertTrue(!seen.get(number), "twice: " + number);
                  seen.set(number);
                }
                total.incrementAndGet();
              }
              if (taken.isEmpty()) {
                if (pipe.tap().isDone()) {
                  break;
                }
                if (total.get() == producers * each) {
                  continue; // another consumer has the last item in hand; then it is done
                }
                acquire(news);
              }
            }
          });
    }
    together(bodies);
    assertEquals(producers * each, total.get());
    assertEquals(producers * each, seen.cardinality());
  }

  @Test
  default void law10_law22_aStopReachesProducersThatWait() throws Exception {
    for (int round = 0; round < 200; round++) {
      PipeEnds<T> pipe = open(2);
      together(
          List.of(
              () -> produce(pipe.feed(), 0, Integer.MAX_VALUE),
              () -> produce(pipe.feed(), 0, Integer.MAX_VALUE),
              () -> {
                pipe.tap().dequeue();
                pipe.tap().stop();
                assertNull(pipe.tap().dequeue());
              }));
      assertTrue(pipe.tap().isDone());
    }
  }

  @Test
  default void law09_anErrorReachesConsumersThatWait() throws Exception {
    for (int round = 0; round < 200; round++) {
      PipeEnds<T> pipe = open(2);
      Exception cause = new Exception("round " + round);
      Body consume =
          () -> {
            Semaphore news = new Semaphore(0);
            pipe.tap().addCallback(news::release);
            while (!pipe.tap().isDone()) {
              if (pipe.tap().dequeue() == null && !pipe.tap().isDone()) {
                acquire(news);
              }
            }
            assertEquals(cause, pipe.tap().error());
          };
      together(
          List.of(
              consume,
              consume,
              () -> {
                pipe.feed().enqueue(item(0));
                pipe.feed().enqueue(item(1));
                pipe.feed().error(cause);
              }));
    }
  }
}
