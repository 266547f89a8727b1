package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.pipes.Feed;
import dev.penstock.pipes.Tap;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the outputs of an ordered node's lanes back into the order of its input items.
 *
 * <pre>
 * item   7 (head)    8          9
 * lane   1           0          2
 * out    to the pipe kept       kept      kept at most keptLimit in all, then a lane waits;
 *                                         little while the heap is tight
 * </pre>
 *
 * <p>The lane at the head writes straight into the pipe; when its item ends, the next item becomes
 * the head and what was kept of it is written. The head lane is never refused for the sake of
 * others, so the order cannot deadlock.
 *
 * <p>Concurrency: all fields under the monitor of this; it is held for queue operations only, never
 * while a step or a callback of the pipe runs: what is to be written is taken out under the lock
 * and enqueued by the thread that holds {@code writing}.
 */
final class Reorder {
  /** For each lane, where the cap is ample. */
  private static final long KEPT_BYTES = 4L << 20;

  private static final long LEAST_KEPT_BYTES = 64L << 10;

  private final @Nullable Feed<Batch> output;
  private final Runnable signal;
  private final long keptLimit;
  private final BooleanSupplier tight;
  private long keptBytes;
  private final Map<Long, Item> items = new HashMap<>();
  private final Queue<Batch> ready = new ArrayDeque<>();
  private long nextItem;
  private long head;
  private boolean writing;

  /**
   * @param keptLimit bytes that may be kept of items that are not the head; one batch may be more
   * @param tight whether the heap is short of room
   */
  Reorder(@Nullable Feed<Batch> output, Runnable signal, long keptLimit, BooleanSupplier tight) {
    this.output = output;
    this.signal = signal;
    this.keptLimit = keptLimit;
    this.tight = tight;
  }

  /** Bytes that so many lanes may keep under a cap. */
  static long keptLimit(int lanes, long capBytes) {
    return lanes * Math.min(KEPT_BYTES, Math.max(LEAST_KEPT_BYTES, capBytes / 128));
  }

  private static final class Item {
    private final Queue<Batch> kept = new ArrayDeque<>();
    private long bytes;
    private boolean ended;
  }

  /**
   * Takes an item off the pipe together with its number; null when there is none. A credit callback
   * of the pipe may run here under the lock: it only signals a producer, and comes back to no
   * method of this class.
   */
  <T> @Nullable T take(Tap<T> tap, OrderedInlet inlet) {
    synchronized (this) {
      T item = tap.dequeue();
      if (item != null) {
        inlet.number = nextItem;
        items.put(nextItem++, new Item());
      }
      return item;
    }
  }

  /** The number of an item of its own for what a lane gives after all items were taken. */
  synchronized long tail() {
    items.put(nextItem, new Item());
    return nextItem++;
  }

  boolean offer(long number, Batch batch) {
    Feed<Batch> out = output;
    if (out == null || batch.isEmpty()) {
      return true;
    }
    synchronized (this) {
      Item item = items.get(number);
      if (item == null) {
        throw new IllegalStateException("output for item " + number + " after its end");
      }
      if (number == head) {
        if (out.credit() <= 0 && !out.isStopped()) {
          return false;
        }
        ready.add(batch);
      } else {
        long bytes = batch.sizeBytes();
        if (keptBytes > 0
            && keptBytes + bytes > (tight.getAsBoolean() ? LEAST_KEPT_BYTES : keptLimit)) {
          return false;
        }
        item.kept.add(batch);
        item.bytes += bytes;
        keptBytes += bytes;
        return true;
      }
    }
    write();
    return true;
  }

  void ended(long number) {
    synchronized (this) {
      Item item = items.get(number);
      if (item != null) {
        item.ended = true;
      }
      advance();
    }
    write();
    signal.run();
  }

  private void advance() {
    for (; ; ) {
      Item item = items.get(head);
      if (item == null) {
        return;
      }
      ready.addAll(item.kept);
      item.kept.clear();
      keptBytes -= item.bytes;
      item.bytes = 0;
      if (!item.ended) {
        return;
      }
      items.remove(head++);
    }
  }

  private void write() {
    Feed<Batch> out = output;
    if (out == null) {
      return;
    }
    for (; ; ) {
      Batch batch;
      synchronized (this) {
        if (writing || ready.isEmpty()) {
          return;
        }
        batch = ready.remove();
        writing = true;
      }
      try {
        out.enqueue(batch);
      } finally {
        synchronized (this) {
          writing = false;
        }
      }
    }
  }
}
