package dev.penstock.compiler.queries;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How the reader of a result gets on.
 *
 * <p>Concurrency: written by the one thread that reads the result, read by anybody.
 */
public final class Reading {
  private static final VarHandle ROWS;

  static {
    try {
      ROWS = MethodHandles.lookup().findVarHandle(Reading.class, "rows", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final long ASKING = Long.MIN_VALUE;

  private volatile long touchedNanos = System.nanoTime();
  private long rows;

  /** The reader waits for the next batch. */
  public void asks() {
    touchedNanos = ASKING;
  }

  /** The reader has got a batch, or the end. */
  public void got(int count) {
    ROWS.setRelease(this, rows + count);
    touchedNanos = System.nanoTime();
  }

  /** Rows that the reader has got. */
  public long rows() {
    return (long) ROWS.getAcquire(this);
  }

  /** So long nobody has asked for the next batch; 0 while somebody waits for it. */
  long idleNanos() {
    long touched = touchedNanos;
    return touched == ASKING ? 0 : Math.max(0, System.nanoTime() - touched);
  }
}
