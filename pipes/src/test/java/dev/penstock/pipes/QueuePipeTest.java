package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class QueuePipeTest extends PipeLaws<Integer> {
  @Override
  public PipeEnds<Integer> open(int capacityItems) {
    return PipeEnds.of(QueuePipe.ofBytes("law", 10L * capacityItems, item -> weight()));
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
    return 10;
  }

  @Test
  void law07_theMessage() {
    Pipe<String> pipe = QueuePipe.ofItems("orders", 10);
    pipe.close();
    Exception e = assertThrows(IllegalStateException.class, () -> pipe.enqueue("x"));
    assertEquals(
        "pipe orders: expected no item after close(), got a java.lang.String; close a pipe only when"
            + " its last producer has finished",
        e.getMessage());
  }

  @Test
  void aCapacityOfNothingIsRefused() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> QueuePipe.ofItems("orders", 0));
    assertEquals("pipe orders: expected a capacity of at least 1 byte, got 0", e.getMessage());
  }

  @Test
  void law20_anItemWeighsAtLeastOne() {
    Pipe<String> pipe = QueuePipe.ofBytes("weights", 100, String::length);
    pipe.enqueue("");
    pipe.enqueueAll(List.of("", "four"));
    assertEquals(100 - 6, pipe.credit());
    pipe.dequeue();
    assertEquals(100 - 5, pipe.credit());
  }

  @Test
  void law08_law10_whatIsDroppedIsHandedOver() {
    List<String> dropped = new ArrayList<>();
    Pipe<String> pipe = QueuePipe.ofBytes("drops", 100, String::length, dropped::add);
    pipe.enqueueAll(List.of("a", "b", "c"));
    pipe.dequeue();
    pipe.stop();
    assertEquals(List.of("b", "c"), dropped);
    pipe.enqueue("d");
    pipe.enqueueAll(List.of("e", "f"));
    assertEquals(List.of("b", "c", "d", "e", "f"), dropped);
  }

  @Test
  void law07_whatIsRefusedIsNotDropped() {
    List<String> dropped = new ArrayList<>();
    Pipe<String> pipe = QueuePipe.ofBytes("drops", 100, String::length, dropped::add);
    pipe.close();
    assertThrows(IllegalStateException.class, () -> pipe.enqueue("mine"));
    assertEquals(List.of(), dropped);
  }

  @Test
  void law23_theMeterAddsUp() {
    Pipe<String> pipe = QueuePipe.ofBytes("meter", 100, String::length);
    PipeMeter meter = pipe.meter();
    pipe.enqueueAll(List.of("a", "bb", "ccc", "dddd"));
    pipe.dequeue();
    assertEquals("4 10 1 1 0 0 3 9 100", figures(meter));
    assertEquals("pipe meter: 3 items, 9 bytes waiting", pipe.toString());
    pipe.error(new Exception("disk"));
    pipe.enqueue("late");
    assertEquals("4 10 1 1 3 9 0 0 100", figures(meter));
    assertEquals("meter", pipe.name());
  }

  @Test
  void law23_theMeterCountsRows() {
    Pipe<String> pipe = QueuePipe.ofRows("rows", 100, item -> 1, String::length, item -> {});
    PipeMeter meter = pipe.meter();
    pipe.enqueue("a");
    pipe.enqueueAll(List.of("bb", "ccc", "dddd"));
    pipe.dequeue();
    assertEquals(
        List.of(10L, 1L, 9L), List.of(meter.rowsIn(), meter.rowsOut(), meter.rowsWaiting()));
    pipe.dequeueAll(new ArrayList<>(), 2);
    assertEquals(6, meter.rowsOut());
    pipe.stop();
    assertEquals(
        List.of(10L, 6L, 0L), List.of(meter.rowsIn(), meter.rowsOut(), meter.rowsWaiting()));
    PipeMeter none = QueuePipe.ofItems("items", 3).meter();
    assertEquals(
        List.of(-1L, -1L, -1L), List.of(none.rowsIn(), none.rowsOut(), none.rowsWaiting()));
  }

  private static String figures(PipeMeter meter) {
    return meter.itemsIn()
        + " "
        + meter.bytesIn()
        + " "
        + meter.itemsOut()
        + " "
        + meter.bytesOut()
        + " "
        + meter.itemsDropped()
        + " "
        + meter.bytesDropped()
        + " "
        + meter.itemsWaiting()
        + " "
        + meter.bytesWaiting()
        + " "
        + meter.capacityBytes();
  }

  /** An item may be taken before its producer has counted it. */
  @Test
  void nothingWaitsRatherThanLess() throws Exception {
    int items = 2_000_000;
    QueuePipe<Integer> pipe = QueuePipe.ofItems("numbers", 1000);
    AtomicLong least = new AtomicLong();
    AtomicInteger taken = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      Thread consumer =
          new Thread(
              () -> {
                while (taken.get() < items) {
                  if (pipe.dequeue() != null) {
                    taken.incrementAndGet();
                  }
                  PipeMeter meter = pipe.meter();
                  long waiting = Math.min(meter.itemsWaiting(), meter.bytesWaiting());
                  least.accumulateAndGet(waiting, Math::min);
                }
              });
      consumer.setDaemon(true);
      consumer.start();
      threads.add(consumer);
    }
    for (int i = 0; i < items; i++) {
      pipe.enqueue(i);
    }
    for (Thread thread : threads) {
      thread.join(60_000);
    }
    assertEquals(items, taken.get());
    assertEquals(0, least.get());
  }
}
