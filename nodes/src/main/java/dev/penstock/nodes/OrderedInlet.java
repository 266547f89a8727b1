package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.pipes.Tap;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of a lane of an ordered node: one item at a time goes in, and all that comes out until
 * the next belongs to it.
 */
final class OrderedInlet implements Inlet<Object>, Outlet {
  private static final long NONE = -1;

  private final Tap<?> tap;
  private final Reorder reorder;
  private final NodeMeter meter;

  /** The item that the lane works on; written by {@link Reorder#take}. */
  long number = NONE;

  private boolean refused;

  OrderedInlet(Tap<?> tap, Reorder reorder, NodeMeter meter) {
    this.tap = tap;
    this.reorder = reorder;
    this.meter = meter;
  }

  @Override
  public @Nullable Object poll() {
    if (number != NONE) {
      return null;
    }
    Object item = reorder.take(tap, this);
    if (item == null) {
      if (tap.isError()) {
        throw Node.failure(tap.error());
      }
    } else if (item instanceof Batch batch) {
      meter.took(batch.count());
    }
    refused = false;
    return item;
  }

  @Override
  public boolean isDone() {
    return number == NONE && tap.isDone();
  }

  @Override
  public boolean offer(Batch batch) {
    if (number == NONE) {
      number = reorder.tail();
    }
    refused = !reorder.offer(number, batch);
    return !refused;
  }

  /**
   * Nothing moves: if that is not because of a refusal, the item is finished. True when there may
   * be another item.
   */
  boolean itemEnded() {
    if (number == NONE || refused) {
      refused = false;
      return false;
    }
    reorder.ended(number);
    number = NONE;
    return true;
  }

  /** The lane ends. */
  void ended() {
    if (number != NONE) {
      reorder.ended(number);
      number = NONE;
    }
  }
}
