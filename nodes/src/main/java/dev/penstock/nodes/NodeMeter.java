package dev.penstock.nodes;

import java.util.concurrent.atomic.LongAdder;

/**
 * What one node did so far. Concurrency: adders written by tasks, read by anybody; figures of a
 * running node are a little late.
 */
public final class NodeMeter {
  private final LongAdder tasks = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();
  private final LongAdder batches = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder batchesIn = new LongAdder();
  private final LongAdder rowsIn = new LongAdder();

  NodeMeter() {}

  void task(long nanos) {
    tasks.increment();
    busyNanos.add(nanos);
  }

  void batch(int count) {
    batches.increment();
    rows.add(count);
  }

  void took(int count) {
    batchesIn.increment();
    rowsIn.add(count);
  }

  public long tasks() {
    return tasks.sum();
  }

  public long busyNanos() {
    return busyNanos.sum();
  }

  /** Batches that the node took; morsels do not count. */
  public long batchesIn() {
    return batchesIn.sum();
  }

  /** Rows of the batches that the node took. */
  public long rowsIn() {
    return rowsIn.sum();
  }

  /** Batches that left the node. */
  public long batches() {
    return batches.sum();
  }

  /** Rows that left the node. */
  public long rows() {
    return rows.sum();
  }
}
