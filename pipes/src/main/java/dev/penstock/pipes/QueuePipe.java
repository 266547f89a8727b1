package dev.penstock.pipes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jctools.queues.varhandle.SpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The standard pipe: a queue on the heap between two ends that each admit one thread at a time.
 *
 * <pre>
 *   producers --claim--> feed | chunk -> chunk -> chunk | tap <--claim-- consumers
 *                     items, bytes in                 items, bytes gone
 * </pre>
 *
 * The queue inside is the linked-array queue of JCTools for one producer and one consumer; the
 * claims of the two {@link PipeEnd}s make it one for many. With the claim, an enqueue and a close
 * are one after the other, so that nothing is ever accepted after the close was seen; the counters
 * need no atomic addition; and {@code dequeueAll} pays for one claim, not for each item. Producers
 * and consumers never wait for each other.
 *
 * <h2>Concurrency</h2>
 *
 * <ul>
 *   <li>{@code queue}, producer side, {@code feed}'s counters: written by the holder of the feed's
 *       claim. Consumer side, {@code tap}'s counters: by the holder of the tap's claim.
 *   <li>{@code state}, {@code failure}: written under the feed's claim (and, but for CLOSED, under
 *       the tap's too, always taken second); read volatile. CLOSED is written after the last item
 *       is counted: who sees it sees every item. FAILED and STOPPED exclude each other and are
 *       final; while either is set the queue is empty.
 *   <li>{@code full}: true from an enqueue that filled the pipe until the dequeue that drains it to
 *       half. Both sides write their counter, then look at the other's, see {@link #filled} and
 *       {@link #took}; credit comes back exactly once for each time the pipe was full.
 *   <li>{@code callbacks}: data callbacks are added under the feed's claim and looked for under it,
 *       so an enqueue either sees the callback or is seen by the late look of {@link #addCallback}.
 *   <li>The item is visible to every thread (a full fence) before a callback starts: a consumer
 *       that says "idle" and then finds the pipe empty will be told.
 * </ul>
 */
public final class QueuePipe<T> implements Pipe<T> {
  private static final int CHUNK_ITEMS = 128;
  private static final int TAKEN_PER_CLAIM = 128;

  private static final int CLOSED = 1;
  private static final int FAILED = 2;
  private static final int STOPPED = 4;

  private static final VarHandle FULL;

  static {
    try {
      FULL = MethodHandles.lookup().findVarHandle(QueuePipe.class, "full", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final long capacityBytes;
  private final long halfBytes;
  private final long fencedBytes;
  private final ToLongFunction<? super T> weigher;
  private final @Nullable ToLongFunction<? super T> rows;
  private final Consumer<? super T> dropped;

  private final SpscUnboundedVarHandleArrayQueue<T> queue =
      new SpscUnboundedVarHandleArrayQueue<>(CHUNK_ITEMS);
  private final PipeEnd feed = new PipeEnd();
  private final PipeEnd tap = new PipeEnd();
  private final Callbacks callbacks = new Callbacks(this::callbackThrew);
  private final Callbacks creditCallbacks = new Callbacks(this::callbackThrew);

  private final QueueMeter meter;
  private volatile int state;
  private volatile boolean full;
  private volatile @Nullable Throwable failure;

  private QueuePipe(
      String name,
      long capacityBytes,
      ToLongFunction<? super T> weigher,
      @Nullable ToLongFunction<? super T> rows,
      Consumer<? super T> dropped) {
    if (capacityBytes < 1) {
      throw new IllegalArgumentException(
          "pipe " + name + ": expected a capacity of at least 1 byte, got " + capacityBytes);
    }
    this.name = Objects.requireNonNull(name);
    this.capacityBytes = capacityBytes;
    this.halfBytes = capacityBytes / 2;
    this.fencedBytes = capacityBytes / 8;
    this.weigher = Objects.requireNonNull(weigher);
    this.rows = rows;
    this.dropped = Objects.requireNonNull(dropped);
    this.meter = new QueueMeter(feed, tap, this::isStopped, rows != null, capacityBytes);
  }

  /**
   * A pipe bounded by bytes.
   *
   * @param capacityBytes full when so many bytes wait; at least 1
   * @param weigher bytes of an item, the same at enqueue and at dequeue; less than 1 counts as 1;
   *     quick and pure, it runs under a claim
   */
  public static <T> QueuePipe<T> ofBytes(
      String name, long capacityBytes, ToLongFunction<? super T> weigher) {
    return new QueuePipe<>(name, capacityBytes, weigher, null, item -> {});
  }

  /**
   * A pipe bounded by bytes that hands over what it drops.
   *
   * @param dropped hears, on the thread that stopped or failed the pipe or enqueued into it
   *     afterwards, each accepted or late item that no consumer will see, so that what it holds can
   *     be given back
   */
  public static <T> QueuePipe<T> ofBytes(
      String name,
      long capacityBytes,
      ToLongFunction<? super T> weigher,
      Consumer<? super T> dropped) {
    return new QueuePipe<>(name, capacityBytes, weigher, null, dropped);
  }

  /**
   * The same for items of rows, which its meter counts.
   *
   * @param rows of an item, the same at enqueue and at dequeue; quick and pure as the weigher
   */
  public static <T> QueuePipe<T> ofRows(
      String name,
      long capacityBytes,
      ToLongFunction<? super T> weigher,
      ToLongFunction<? super T> rows,
      Consumer<? super T> dropped) {
    return new QueuePipe<>(name, capacityBytes, weigher, rows, dropped);
  }

  /** A pipe bounded by a number of items: each weighs 1. */
  public static <T> QueuePipe<T> ofItems(String name, long capacityItems) {
    return new QueuePipe<>(name, capacityItems, item -> 1L, null, item -> {});
  }

  // ---- feed

  @Override
  public void enqueue(T item) {
    long weight = weigh(item);
    long count = rows(item);
    boolean tell = false;
    boolean creditIsBack = false;
    int seen;
    feed.claim();
    try {
      seen = state;
      if (seen == 0) {
        long gone = feed.bytesOf(tap, weight, capacityBytes); // before it is counted, see filled()
        queue.offer(item);
        feed.count(1, weight, count);
        tell = !callbacks.isEmpty();
        creditIsBack = feed.bytes() - gone >= capacityBytes && filled();
      }
    } finally {
      feed.release(tell);
    }
    if (seen != 0) {
      refuse(seen, item);
      dropped.accept(item);
    }
    tell(tell, creditIsBack);
  }

  @Override
  public void enqueueAll(Collection<? extends T> items) {
    @SuppressWarnings("unchecked")
    T[] all = (T[]) items.toArray(); // no code of the caller may run under the claim
    if (all.length == 0) {
      return;
    }
    long weight = 0;
    long count = 0;
    for (T item : all) {
      weight += weigh(item);
      count += rows(item);
    }
    boolean tell = false;
    boolean creditIsBack = false;
    int seen;
    feed.claim();
    try {
      seen = state;
      if (seen == 0) {
        long gone = feed.bytesOf(tap, weight, capacityBytes);
        for (T item : all) {
          queue.offer(item);
        }
        feed.count(all.length, weight, count);
        tell = !callbacks.isEmpty();
        creditIsBack = feed.bytes() - gone >= capacityBytes && filled();
      }
    } finally {
      feed.release(tell);
    }
    if (seen != 0) {
      refuse(seen, all[0]);
      for (T item : all) {
        dropped.accept(item);
      }
    }
    tell(tell, creditIsBack);
  }

  private void tell(boolean news, boolean creditIsBack) {
    if (news) {
      callbacks.run();
    }
    if (creditIsBack) {
      creditCallbacks.run();
    }
  }

  private void refuse(int seen, T item) {
    if ((seen & (FAILED | STOPPED)) == 0) {
      throw new IllegalStateException(
          "pipe "
              + name
              + ": expected no item after close(), got a "
              + item.getClass().getName()
              + "; close a pipe only when its last producer has finished");
    }
  }

  /**
   * After an enqueue that found the pipe full, under the feed's claim: leaves word for the dequeue
   * that will bring the credit back. True when that dequeue has already been: then the producer
   * tells the others itself.
   *
   * <p>The caller has read the tap's bytes before it counted its item. So whoever sees no credit
   * sees an item whose enqueue found the pipe full too, and came here.
   */
  private boolean filled() {
    full = true;
    return feed.bytes() - tap.bytes() <= halfBytes && FULL.compareAndSet(this, true, false);
  }

  @Override
  public void close() {
    boolean first;
    feed.claim();
    try {
      int before = state;
      first = before == 0;
      state = before | CLOSED;
    } finally {
      feed.release();
    }
    if (first) {
      callbacks.run();
    }
  }

  @Override
  public boolean isClosed() {
    return (state & CLOSED) != 0;
  }

  @Override
  public void error(Throwable cause) {
    fail(Objects.requireNonNull(cause));
  }

  /**
   * Whether the cause is now the pipe's error or suppressed onto it; false on a pipe that is done.
   */
  private boolean fail(Throwable cause) {
    if (!end(FAILED, cause)) {
      Throwable first = failure;
      if (first != null && first != cause) {
        first.addSuppressed(cause);
      }
      return first != null;
    }
    callbacks.run();
    creditCallbacks.run();
    return true;
  }

  private void callbackThrew(Throwable cause) {
    if (!fail(cause)) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }
  }

  @Override
  public boolean isStopped() {
    return (state & (FAILED | STOPPED)) != 0;
  }

  @Override
  public long credit() {
    if (isStopped()) {
      return capacityBytes;
    }
    long in = feed.bytes(); // in first: no credit is seen only when there was none
    return capacityBytes - Math.max(0, in - tap.bytes());
  }

  @Override
  public Subscription addCreditCallback(Runnable callback) {
    Subscription subscription = creditCallbacks.add(callback);
    if (isStopped()) {
      creditCallbacks.runLate(callback);
    }
    return subscription;
  }

  // ---- tap

  @Override
  public @Nullable T dequeue() {
    if (!tap.isBehind(feed)) {
      return null; // gone was read first, then in: it was empty at that moment
    }
    boolean creditIsBack = false;
    T item;
    tap.claim();
    try {
      item = queue.poll();
      if (item != null) {
        creditIsBack = took(1, weigh(item), rows(item));
      }
    } finally {
      tap.release();
    }
    if (creditIsBack) {
      creditCallbacks.run();
    }
    return item;
  }

  @Override
  public int dequeueAll(Collection<? super T> into, int max) {
    int taken = 0;
    while (taken < max) {
      int wanted = (int) Math.min(Math.min(max - taken, TAKEN_PER_CLAIM), meter.itemsWaiting());
      if (wanted == 0) {
        break;
      }
      @SuppressWarnings("unchecked")
      T[] some = (T[]) new Object[wanted];
      int got = take(some);
      for (int i = 0; i < got; i++) {
        into.add(some[i]); // not under the claim
      }
      taken += got;
      if (got < wanted) {
        break;
      }
    }
    return taken;
  }

  private int take(T[] some) {
    boolean creditIsBack;
    int got = 0;
    tap.claim();
    try {
      long weight = 0;
      long count = 0;
      T item;
      while (got < some.length && (item = queue.poll()) != null) {
        some[got++] = item;
        weight += weigh(item);
        count += rows(item);
      }
      creditIsBack = took(got, weight, count);
    } finally {
      tap.release();
    }
    if (creditIsBack) {
      creditCallbacks.run();
    }
    return got;
  }

  /**
   * Counts what was taken, under the tap's claim. True when this brings the credit back.
   *
   * <p>Without the fence, a producer that fills the pipe right now may not see this count and this
   * thread may not see {@code full}. For less than an eighth of the capacity that does no harm:
   * more than a quarter still waits then, and the next dequeue, whose claim is a fence, sees it.
   */
  private boolean took(int items, long weight, long count) {
    tap.count(items, weight, count);
    if (weight >= fencedBytes) {
      VarHandle.fullFence();
    }
    if (!full || feed.bytes() - tap.bytes() > halfBytes || !FULL.compareAndSet(this, true, false)) {
      return false;
    }
    if (feed.bytes() - tap.bytes() >= capacityBytes) {
      full = true; // filled again meanwhile; a later dequeue finds it
      return false;
    }
    return true;
  }

  @Override
  public boolean isDone() {
    int seen = state;
    return (seen & (FAILED | STOPPED)) != 0 || (seen == CLOSED && tap.items() == feed.items());
  }

  @Override
  public boolean isError() {
    return (state & FAILED) != 0;
  }

  @Override
  public @Nullable Throwable error() {
    return failure;
  }

  @Override
  public void stop() {
    if (end(STOPPED, null)) {
      creditCallbacks.run();
    }
  }

  @Override
  public Subscription addCallback(Runnable callback) {
    Subscription subscription;
    feed.claim();
    try {
      subscription = callbacks.add(callback);
    } finally {
      feed.release();
    }
    if (state != 0 || meter.itemsWaiting() > 0) {
      callbacks.runLate(callback);
    }
    return subscription;
  }

  // ---- both

  /** Ends the pipe and drops what waits; false when it is done already. */
  private boolean end(int how, @Nullable Throwable cause) {
    List<T> waiting;
    feed.claim();
    try {
      tap.claim();
      try {
        if (isDone()) {
          return false;
        }
        failure = cause;
        state = state | how;
        waiting = drain();
      } finally {
        tap.release();
      }
    } finally {
      feed.release();
    }
    for (T item : waiting) {
      dropped.accept(item);
    }
    return true;
  }

  private List<T> drain() {
    List<T> waiting = new ArrayList<>();
    for (T item = queue.poll(); item != null; item = queue.poll()) {
      waiting.add(item);
    }
    return waiting;
  }

  private long weigh(T item) {
    return Math.max(1L, weigher.applyAsLong(item));
  }

  private long rows(T item) {
    return rows == null ? 0 : rows.applyAsLong(item);
  }

  // ---- meter

  @Override
  public String name() {
    return name;
  }

  @Override
  public PipeMeter meter() {
    return meter;
  }

  @Override
  public String toString() {
    return "pipe "
        + name
        + ": "
        + meter.itemsWaiting()
        + " items, "
        + meter.bytesWaiting()
        + " bytes waiting";
  }
}
