package dev.penstock.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random calls on one thread, beside a list that does what the laws say; jqwik prints the seed. */
final class QueuePipeModelTest {
  /** An item; its weight is drawn, 0 included. */
  record Item(int number, int bytes) {}

  /** The laws, for one thread. */
  private static final class Model {
    final ArrayDeque<Item> waiting = new ArrayDeque<>();
    final int capacity;
    boolean closed;
    boolean stopped;
    boolean failed;
    boolean full;
    int told;
    int creditTold;

    Model(int capacity) {
      this.capacity = capacity;
    }

    long bytes() {
      return waiting.stream().mapToLong(item -> Math.max(1, item.bytes)).sum();
    }

    boolean done() {
      return stopped || failed || closed && waiting.isEmpty();
    }

    void enqueue(List<Item> items) {
      if (stopped || failed || items.isEmpty()) {
        return;
      }
      waiting.addAll(items);
      full |= bytes() >= capacity;
      told++;
    }

    List<Item> dequeue(int max) {
      List<Item> out = new ArrayList<>();
      while (out.size() < max && !waiting.isEmpty()) {
        out.add(waiting.poll());
      }
      if (full && !stopped && !failed && bytes() <= capacity / 2) {
        full = false;
        creditTold++;
      }
      return out;
    }
  }

  @Property(tries = 2000)
  void doesWhatTheModelDoes(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int capacity,
      @ForAll @IntRange(min = 0, max = 200) int calls) {
    Random random = new Random(seed);
    Model model = new Model(capacity);
    QueuePipe<Item> pipe = QueuePipe.ofBytes("model", capacity, Item::bytes);
    Told told = new Told();
    Told creditTold = new Told();
    pipe.addCallback(told);
    pipe.addCreditCallback(creditTold);
    for (int i = 0; i < calls; i++) {
      call(random, i, model, pipe);
      assertEquals(model.bytes(), pipe.meter().bytesWaiting());
      assertEquals(model.waiting.size(), pipe.meter().itemsWaiting());
      assertEquals(
          model.stopped || model.failed ? capacity : capacity - model.bytes(), pipe.credit());
      assertEquals(model.closed, pipe.isClosed());
      assertEquals(model.done(), pipe.isDone());
      assertEquals(model.failed, pipe.isError());
      assertEquals(model.stopped || model.failed, pipe.isStopped());
      assertEquals(model.told, told.times());
      assertEquals(model.creditTold, creditTold.times());
    }
    PipeMeter meter = pipe.meter();
    assertEquals(meter.itemsIn(), meter.itemsOut() + meter.itemsWaiting() + meter.itemsDropped());
    assertEquals(meter.bytesIn(), meter.bytesOut() + meter.bytesWaiting() + meter.bytesDropped());
  }

  private static void call(Random random, int i, Model model, QueuePipe<Item> pipe) {
    Item item = new Item(i, random.nextInt(12));
    boolean refuses = model.closed && !model.stopped && !model.failed;
    switch (random.nextInt(40)) {
      case 0 -> {
        if (!model.closed && !model.done()) {
          model.told++;
        }
        model.closed = true;
        pipe.close();
      }
      case 1 -> {
        if (random.nextInt(4) == 0) {
          if (!model.done()) {
            model.failed = true;
            model.waiting.clear();
            model.told++;
            model.creditTold++;
          }
          pipe.error(new Exception("model"));
        }
      }
      case 2 -> {
        if (random.nextInt(4) == 0) {
          if (!model.done()) {
            model.stopped = true;
            model.waiting.clear();
            model.creditTold++;
          }
          pipe.stop();
        }
      }
      case 3, 4, 5, 6 -> {
        Item[] many = new Item[random.nextInt(5)];
        Arrays.setAll(many, k -> new Item(i, random.nextInt(12)));
        if (refuses && many.length > 0) {
          assertThrows(IllegalStateException.class, () -> pipe.enqueueAll(List.of(many)));
        } else {
          model.enqueue(List.of(many));
          pipe.enqueueAll(List.of(many));
        }
      }
      case 7, 8, 9 -> {
        int max = random.nextInt(8);
        List<Item> out = new ArrayList<>();
        int taken = pipe.dequeueAll(out, max);
        assertEquals(model.dequeue(max), out);
        assertEquals(out.size(), taken);
      }
      default -> {
        if (random.nextBoolean()) {
          List<Item> expected = model.dequeue(1);
          Item out = pipe.dequeue();
          assertEquals(expected.isEmpty() ? null : expected.get(0), out);
        } else if (refuses) {
          assertThrows(IllegalStateException.class, () -> pipe.enqueue(item));
        } else {
          model.enqueue(List.of(item));
          pipe.enqueue(item);
        }
      }
    }
    assertFalse(model.stopped && model.failed);
  }
}
