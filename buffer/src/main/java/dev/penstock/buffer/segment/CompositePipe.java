package dev.penstock.buffer.segment;

import dev.penstock.batch.Batch;
import dev.penstock.monitor.PenstockException;
import dev.penstock.pipes.Pipe;
import dev.penstock.pipes.PipeMeter;
import dev.penstock.pipes.QueuePipe;
import dev.penstock.pipes.Subscription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One pipe of many segments: what waits lies on the heap while there is room, and beyond that, or
 * while memory is tight, in segments of another kind. A batch stays where it was put.
 *
 * <pre>
 *   feed -> | disk  disk  heap  heap  disk | heap  heap | -> tap      in one order
 *                                            the head: always on the heap
 * </pre>
 *
 * <p>The head: up to {@code headBytes} stay on the heap whatever "tight" says, so that a consumer
 * that keeps up never waits for a disk. What waits in all is bounded by the capacity of the pipe,
 * what lies elsewhere by the quota of its kind.
 *
 * <p>A full pipe pauses its producers. One that {@linkplain #ahead goes ahead} does so only while
 * nobody minds: when others wait for what the producers hold, it takes more than its capacity, and
 * puts it elsewhere, so that the producers come to their end. Where there is no room for that, it
 * pauses them.
 *
 * <p>All laws of pipes hold. A local disk is not "waiting" in the sense of law 5: an enqueue may
 * write a block and a dequeue may read one. When a write fails the pipe fails; when a read fails
 * the pipe fails and the dequeue throws as well, because the pipe may be done already.
 *
 * <h2>Concurrency</h2>
 *
 * The order is that of {@code cells}, a queue pipe, which keeps the laws. A batch is stored before
 * its cell is enqueued and taken after its cell is dequeued, by the same thread, outside any claim.
 * {@code residentBytes} is an atomic: several producers may overshoot by one batch each.
 */
public final class CompositePipe implements Pipe<Batch> {
  private final QueuePipe<Cell> cells;
  private final Overflow overflow;
  private final long heapBytes;
  private final long headBytes;
  private final BooleanSupplier tight;
  private final AtomicLong residentBytes = new AtomicLong();
  private final BooleanSupplier ahead;
  private final long aheadBytes;
  private final List<Runnable> creditCallbacks = new CopyOnWriteArrayList<>();
  private volatile boolean noRoom;

  /**
   * @param heapBytes at most so much waits on the heap
   * @param capacityBytes at most so much waits in all: then there is no credit
   * @param kind of the segments that are not on the heap
   * @param tight asked at each enqueue, must be quick: whether the heap is short of room
   */
  public CompositePipe(
      String name, long heapBytes, long capacityBytes, SegmentKind kind, BooleanSupplier tight) {
    this(name, heapBytes, capacityBytes, kind, tight, 0, () -> false);
  }

  private CompositePipe(
      String name,
      long heapBytes,
      long capacityBytes,
      SegmentKind kind,
      BooleanSupplier tight,
      long aheadBytes,
      BooleanSupplier ahead) {
    this.cells = QueuePipe.ofRows(name, capacityBytes, Cell::weight, Cell::rows, this::drop);
    this.overflow = new Overflow(kind, name);
    this.heapBytes = heapBytes;
    this.headBytes = Math.min(heapBytes, 1 << 20);
    this.tight = tight;
    this.aheadBytes = aheadBytes;
    this.ahead = ahead;
    Subscription unused =
        cells.addCreditCallback(
            () -> {
              if (cells.isStopped()) {
                overflow.end();
              }
            });
  }

  /**
   * A pipe that pauses its producers when it is full, and goes ahead when others mind that.
   *
   * @param capacityBytes at most so much waits, on the heap or, while it is tight, elsewhere
   * @param aheadBytes at most so much waits elsewhere beyond that, about
   * @param ahead asked at each enqueue, must be quick: whether to go ahead; when it begins to be
   *     true, {@link #goAhead} is called
   */
  public static CompositePipe ahead(
      String name,
      long capacityBytes,
      SegmentKind kind,
      BooleanSupplier tight,
      long aheadBytes,
      BooleanSupplier ahead) {
    // one that only pauses has no more on the heap than its producers' last batches
    long heapBytes = aheadBytes > 0 ? capacityBytes : Long.MAX_VALUE;
    return new CompositePipe(name, heapBytes, capacityBytes, kind, tight, aheadBytes, ahead);
  }

  // ---- feed

  @Override
  public void enqueue(Batch batch) {
    Objects.requireNonNull(batch);
    if (!takes(batch)) {
      return;
    }
    Cell cell = store(batch);
    if (cell != null) {
      put(List.of(cell), batch);
    }
  }

  @Override
  public void enqueueAll(Collection<? extends Batch> items) {
    Batch[] all = items.toArray(new Batch[0]);
    for (Batch batch : all) {
      Objects.requireNonNull(batch);
    }
    if (all.length == 0 || !takes(all[0])) {
      return;
    }
    List<Cell> stored = new ArrayList<>(all.length);
    for (Batch batch : all) {
      Cell cell = store(batch);
      if (cell == null) {
        stored.forEach(this::drop);
        return;
      }
      stored.add(cell);
    }
    put(stored, all[0]);
  }

  /** Whether the pipe is open; false: what comes is dropped. */
  private boolean takes(Batch batch) {
    if (cells.isStopped()) {
      return false;
    }
    if (cells.isClosed()) {
      throw late(batch);
    }
    return true;
  }

  private IllegalStateException late(Batch batch) {
    return new IllegalStateException(
        "pipe "
            + name()
            + ": expected no item after close(), got a "
            + batch.getClass().getName()
            + "; close a pipe only when its last producer has finished");
  }

  private void put(List<Cell> stored, Batch first) {
    try {
      if (stored.size() == 1) {
        cells.enqueue(stored.get(0));
      } else {
        cells.enqueueAll(stored);
      }
    } catch (IllegalStateException closedMeanwhile) {
      stored.forEach(this::drop);
      throw late(first);
    }
  }

  /** Where the batch goes; null when the pipe has failed because it cannot be written. */
  private @Nullable Cell store(Batch batch) {
    long bytes = Math.max(1, batch.sizeBytes());
    long resident = residentBytes.addAndGet(bytes);
    if (resident <= headBytes || noRoom || staysOnHeap(resident - bytes)) {
      return resident(batch, bytes);
    }
    try {
      Cell cell = overflow.append(batch, bytes, goesAhead() ? 1 : bytes);
      residentBytes.addAndGet(-bytes);
      return cell;
    } catch (PenstockException e) {
      if (aheadBytes > 0 && e.category() == PenstockException.Category.LIMIT) {
        noRoom = true; // full is full: the producers wait
        return resident(batch, bytes);
      }
      residentBytes.addAndGet(-bytes);
      cells.error(e);
      return null;
    }
  }

  private static Cell resident(Batch batch, long bytes) {
    return new Cell(batch, bytes, bytes, batch.count(), null);
  }

  /** The batch that crosses the line still goes there: producers look at the credit before it. */
  private boolean staysOnHeap(long before) {
    return !tight.getAsBoolean()
        && (before < heapBytes || (aheadBytes > 0 && !ahead.getAsBoolean()));
  }

  private boolean goesAhead() {
    return aheadBytes > 0
        && !noRoom
        && ahead.getAsBoolean()
        && overflow.waitingBytes() < aheadBytes;
  }

  /** Producers that pause may go on: tells them. On the caller's thread. */
  public void goAhead() {
    creditCallbacks.forEach(Runnable::run);
  }

  @Override
  public void close() {
    cells.close();
    overflow.end();
  }

  @Override
  public boolean isClosed() {
    return cells.isClosed();
  }

  @Override
  public void error(Throwable cause) {
    cells.error(cause);
  }

  @Override
  public boolean isStopped() {
    return cells.isStopped();
  }

  @Override
  public long credit() {
    long credit = cells.credit();
    return credit <= 0 && goesAhead() ? aheadBytes : credit;
  }

  @Override
  public Subscription addCreditCallback(Runnable callback) {
    Subscription subscription = cells.addCreditCallback(callback);
    creditCallbacks.add(callback);
    return () -> {
      creditCallbacks.remove(callback);
      subscription.cancel();
    };
  }

  // ---- tap

  /**
   * As {@link Pipe#dequeue}.
   *
   * @throws PenstockException IO when the batch cannot be read back; the pipe has failed then
   */
  @Override
  public @Nullable Batch dequeue() {
    Cell cell = cells.dequeue();
    return cell == null ? null : load(cell);
  }

  @Override
  public int dequeueAll(Collection<? super Batch> into, int max) {
    List<Cell> some = new ArrayList<>();
    int taken = cells.dequeueAll(some, max);
    int loaded = 0;
    try {
      for (; loaded < taken; loaded++) {
        into.add(load(some.get(loaded)));
      }
    } finally {
      for (int i = loaded + 1; i < taken; i++) {
        drop(some.get(i));
      }
    }
    return taken;
  }

  private Batch load(Cell cell) {
    Batch batch = cell.resident();
    Overflow.Stored stored = cell.stored();
    if (batch != null || stored == null) {
      left(cell);
      return Objects.requireNonNull(batch);
    }
    try {
      return overflow.take(stored, cell.bytes());
    } catch (PenstockException e) {
      cells.error(e);
      throw e;
    }
  }

  private void drop(Cell cell) {
    Overflow.Stored stored = cell.stored();
    if (stored == null) {
      left(cell);
    } else {
      overflow.drop(stored, cell.bytes());
    }
  }

  private void left(Cell cell) {
    if (residentBytes.addAndGet(-cell.bytes()) <= headBytes) {
      noRoom = false; // there may be room again
    }
  }

  @Override
  public boolean isDone() {
    return cells.isDone();
  }

  @Override
  public boolean isError() {
    return cells.isError();
  }

  @Override
  public @Nullable Throwable error() {
    return cells.error();
  }

  @Override
  public void stop() {
    cells.stop();
  }

  @Override
  public Subscription addCallback(Runnable callback) {
    return cells.addCallback(callback);
  }

  // ---- meter

  @Override
  public String name() {
    return cells.name();
  }

  @Override
  public PipeMeter meter() {
    return cells.meter();
  }

  /** Bytes that wait on the heap. */
  public long residentBytes() {
    return residentBytes.get();
  }

  /** Bytes of batches that wait elsewhere. */
  public long overflowBytes() {
    return overflow.waitingBytes();
  }

  /** Bytes of batches that have been put elsewhere so far. */
  public long overflowedBytes() {
    return overflow.appendedBytes();
  }

  /** Where batches were put that are not on the heap, the nearer first; none: all were on it. */
  public List<Place> overflowPlaces() {
    return overflow.places();
  }

  /**
   * What lies, and lay, in segments of one kind.
   *
   * @param kind "mapped", "chronicle", "disk", "object"
   * @param bytesWaiting of batches in them now
   * @param bytesSoFar of batches that were put into them
   * @param opened how many segments there have been
   */
  public record Place(String kind, long bytesWaiting, long bytesSoFar, int opened) {}

  @Override
  public String toString() {
    return cells + " (" + overflowBytes() + " not on the heap)";
  }
}
