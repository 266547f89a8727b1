package dev.penstock.nodes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one step of one lane did so far: batches and rows that it gave, and, when asked for, the
 * time it took.
 *
 * <p>Concurrency: written by the lane's one task at a time (the hand-over between tasks orders the
 * writes), read by anybody with acquire; the figures of a running step are a little late. Padding
 * keeps the meters of two lanes on different cache lines.
 */
@SuppressWarnings({"unused", "UnusedVariable"}) // the padding
public final class StepMeter {
  private static final VarHandle NANOS;
  private static final VarHandle BATCHES;
  private static final VarHandle ROWS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NANOS = lookup.findVarHandle(StepMeter.class, "nanos", long.class);
      BATCHES = lookup.findVarHandle(StepMeter.class, "batches", long.class);
      ROWS = lookup.findVarHandle(StepMeter.class, "rows", long.class);
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
  private long nanos;
  private long batches;
  private long rows;
  private long p10;
  private long p11;
  private long p12;
  private long p13;
  private long p14;
  private long p15;
  private long p16;

  void gave(int count) {
    ROWS.setRelease(this, rows + count);
    BATCHES.setRelease(this, batches + 1);
  }

  void took(long moreNanos) {
    NANOS.setRelease(this, nanos + moreNanos);
  }

  /** Time in the step, 0 when it is not measured. */
  public long nanos() {
    return (long) NANOS.getAcquire(this);
  }

  /** Batches that the step gave, empty ones not counted. */
  public long batches() {
    return (long) BATCHES.getAcquire(this);
  }

  /** Rows that the step gave. */
  public long rows() {
    return (long) ROWS.getAcquire(this);
  }
}
