package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.buffer.BatchPipes;
import dev.penstock.buffer.segment.CompositePipe;
import dev.penstock.buffer.segment.SegmentKind;
import dev.penstock.nodes.QueryContext;
import dev.penstock.pipes.Pipe;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of one query, each as large as the cap allows; what may wait in one on the heap is
 * reserved for as long as its budget is open.
 *
 * <pre>
 * between operators   full, it pauses what is below; the other end is ours, and comes back.
 *                     Large ones keep only their head on the heap while it is tight
 * result              full, it pauses the query as well; but while others want what the query holds,
 *                     it goes ahead of its reader, out of the heap, so that the query can end
 * </pre>
 *
 * <p>Concurrency: used by the thread that builds the graph; {@code ends} under its monitor.
 */
final class Pipes {
  private static final long SMALL_BYTES = 64 << 10;

  /** A pipe that holds less has nothing to gain from segments. */
  private static final long LARGE_BYTES = 4L << 20;

  private final @Nullable OutOfHeap place;
  private final @Nullable Pressure pressure;
  private final OutOfHeap.@Nullable Metered kind;
  private final List<Runnable> ends = new ArrayList<>();

  private Pipes(
      @Nullable OutOfHeap place, @Nullable Pressure pressure, OutOfHeap.@Nullable Metered kind) {
    this.place = place;
    this.pressure = pressure;
    this.kind = kind;
  }

  /** All on the heap. */
  static Pipes onHeap() {
    return new Pipes(null, null, null);
  }

  static Pipes of(QueryContext query, @Nullable OutOfHeap place, Pressure pressure) {
    return place == null
        ? onHeap()
        : new Pipes(place, pressure, new OutOfHeap.Metered(place.kind(query.token())));
  }

  /**
   * The size of a pipe in a graph whose pipes hold so much already: all of them share a quarter of
   * the memory, so that those of a union of hundreds are small.
   */
  static long capacity(QueryContext query, long taken) {
    long cap = query.budget().pathCapBytes();
    return Math.min(
        Math.min(BatchPipes.CAPACITY_BYTES, Math.max(SMALL_BYTES, cap / 128)),
        Math.max(SMALL_BYTES, (cap / 4 - taken) / 16));
  }

  private static void reserve(QueryContext query, long bytes) {
    query.budget().reserve(bytes, "a pipe between operators");
  }

  /** A pipe between two operators. */
  Pipe<Batch> between(String name, QueryContext query, long bytes) {
    reserve(query, bytes);
    SegmentKind to = kind;
    Pressure p = pressure;
    return to == null || p == null || bytes < LARGE_BYTES
        ? BatchPipes.create(name, bytes)
        : CompositePipe.ahead(name, bytes, to, p::isTight, 0, () -> false);
  }

  /** The pipe to whoever reads the result. */
  Pipe<Batch> result(String name, QueryContext query) {
    long bytes = capacity(query, 0);
    reserve(query, bytes);
    SegmentKind to = kind;
    Pressure p = pressure;
    OutOfHeap out = place;
    if (to == null || p == null || out == null) {
      return BatchPipes.create(name, bytes);
    }
    CompositePipe pipe =
        CompositePipe.ahead(name, bytes, to, p::isTight, out.aheadBytes(), p::isOn);
    synchronized (ends) {
      ends.add(p.whenItBegins(pipe::goAhead));
    }
    return pipe;
  }

  /** Bytes of batches that were not put on the heap so far. */
  long outOfHeapBytes() {
    OutOfHeap.Metered m = kind;
    return m == null ? 0 : m.bytes();
  }

  /** "chronicle", "mapped": where to. */
  String outOfHeapName() {
    OutOfHeap.Metered m = kind;
    return m == null ? "" : m.name();
  }

  /** Nobody puts anything into the pipes any more. */
  void end() {
    synchronized (ends) {
      ends.forEach(Runnable::run);
      ends.clear();
    }
  }
}
