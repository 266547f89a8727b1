package dev.penstock.pipes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One end of a {@link QueuePipe}: the claim that admits one thread at a time, and the counters that
 * only this thread writes.
 *
 * <p>A claim is held for some ten nanoseconds: no callback, no code of a producer or consumer, only
 * the weigher runs under it. A thread that finds it taken spins, and yields when its holder seems
 * to be off the processor; it never parks.
 *
 * <h2>Concurrency</h2>
 *
 * {@link #claimed} goes 0 to 1 by CAS and back by a release (or volatile) write, so each holder
 * sees what the last one did. The counters only grow; they are written by the holder with release
 * and read by anyone with acquire: whoever sees an item counted sees it in the queue. Padding on
 * both sides keeps the two ends on different cache lines.
 */
@SuppressWarnings({"unused", "UnusedVariable"}) // the padding
final class PipeEnd {
  private static final int SPINS_BEFORE_YIELD = 128;
  private static final VarHandle CLAIMED;
  private static final VarHandle ITEMS;
  private static final VarHandle BYTES;
  private static final VarHandle ROWS;
  private static final VarHandle OTHER_ITEMS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CLAIMED = lookup.findVarHandle(PipeEnd.class, "claimed", long.class);
      ITEMS = lookup.findVarHandle(PipeEnd.class, "items", long.class);
      BYTES = lookup.findVarHandle(PipeEnd.class, "bytes", long.class);
      ROWS = lookup.findVarHandle(PipeEnd.class, "rows", long.class);
      OTHER_ITEMS = lookup.findVarHandle(PipeEnd.class, "otherItems", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long p00;
  private long p01;
  private long p02;
  private long p03;
  private long p04;
  private long p05;
  private long p06;
  private long p07;
  private long claimed;
  private long items;
  private long bytes;
  private long rows;
  private long otherItems;
  private long otherBytes;
  private long p10;
  private long p11;
  private long p12;
  private long p13;
  private long p14;
  private long p15;
  private long p16;
  private long p17;

  void claim() {
    if (!CLAIMED.compareAndSet(this, 0L, 1L)) {
      claimContended();
    }
  }

  private void claimContended() {
    int spins = 0;
    while ((long) CLAIMED.getOpaque(this) != 0L || !CLAIMED.compareAndSet(this, 0L, 1L)) {
      if (++spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  void release() {
    CLAIMED.setRelease(this, 0L);
  }

  /** With the fence, what was written before is seen by all before this returns. */
  void release(boolean withFence) {
    if (withFence) {
      CLAIMED.setVolatile(this, 0L);
    } else {
      CLAIMED.setRelease(this, 0L);
    }
  }

  /** Counts items that have passed this end; only under the claim. */
  void count(long moreItems, long moreBytes, long moreRows) {
    ROWS.setRelease(this, rows + moreRows);
    BYTES.setRelease(this, bytes + moreBytes);
    ITEMS.setRelease(this, items + moreItems);
  }

  /**
   * Whether {@code other} has counted more items than this end: looks at it, and so at its cache
   * line, only when what this end knows of it does not tell. Any thread; {@code otherItems} is a
   * lower bound, so writing an older value over a newer one is a benign race.
   */
  boolean isBehind(PipeEnd other) {
    long here = items();
    if (here < (long) OTHER_ITEMS.getOpaque(this)) {
      return true;
    }
    long there = other.items();
    OTHER_ITEMS.setOpaque(this, there);
    return here < there;
  }

  /**
   * The bytes that {@code other} has counted, or fewer: looked up only when this end, once it has
   * counted {@code moreBytes}, would be {@code bound} ahead. Only under the claim.
   */
  long bytesOf(PipeEnd other, long moreBytes, long bound) {
    if (bytes + moreBytes - otherBytes >= bound) {
      otherBytes = other.bytes();
    }
    return otherBytes;
  }

  /** Acquire read. */
  long items() {
    return (long) ITEMS.getAcquire(this);
  }

  /** Acquire read. */
  long rows() {
    return (long) ROWS.getAcquire(this);
  }

  /** Acquire read. */
  long bytes() {
    return (long) BYTES.getAcquire(this);
  }
}
