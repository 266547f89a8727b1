package dev.penstock.pipes;

import java.util.function.BooleanSupplier;

/**
 * Reads the counters of a queue pipe.
 *
 * <h2>Concurrency</h2>
 *
 * Holds no state. Both counters only grow. A consumer may take and count an item that its producer
 * has put in and not yet counted, so a difference may be below zero for that moment: then nothing
 * waits, as items go out in their order. Once the pipe has ended neither moves, and what has come
 * in but never gone out was dropped.
 */
final class QueueMeter implements PipeMeter {
  private final PipeEnd feed;
  private final PipeEnd tap;
  private final BooleanSupplier ended;
  private final boolean countsRows;
  private final long capacityBytes;

  QueueMeter(
      PipeEnd feed, PipeEnd tap, BooleanSupplier ended, boolean countsRows, long capacityBytes) {
    this.countsRows = countsRows;
    this.feed = feed;
    this.tap = tap;
    this.ended = ended;
    this.capacityBytes = capacityBytes;
  }

  @Override
  public long itemsIn() {
    return feed.items();
  }

  @Override
  public long bytesIn() {
    return feed.bytes();
  }

  @Override
  public long rowsIn() {
    return countsRows ? feed.rows() : -1;
  }

  @Override
  public long itemsOut() {
    return tap.items();
  }

  @Override
  public long bytesOut() {
    return tap.bytes();
  }

  @Override
  public long rowsOut() {
    return countsRows ? tap.rows() : -1;
  }

  @Override
  public long itemsDropped() {
    return ended.getAsBoolean() ? itemsBetween() : 0;
  }

  @Override
  public long bytesDropped() {
    return ended.getAsBoolean() ? bytesBetween() : 0;
  }

  @Override
  public long itemsWaiting() {
    return ended.getAsBoolean() ? 0 : itemsBetween();
  }

  @Override
  public long bytesWaiting() {
    return ended.getAsBoolean() ? 0 : bytesBetween();
  }

  @Override
  public long rowsWaiting() {
    long gone = tap.rows();
    return !countsRows ? -1 : ended.getAsBoolean() ? 0 : Math.max(0, feed.rows() - gone);
  }

  @Override
  public long capacityBytes() {
    return capacityBytes;
  }

  private long itemsBetween() {
    long gone = tap.items();
    return Math.max(0, feed.items() - gone);
  }

  private long bytesBetween() {
    long gone = tap.bytes();
    return Math.max(0, feed.bytes() - gone);
  }
}
