package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import dev.penstock.pipes.Tap;
import org.jspecify.annotations.Nullable;

/** Takes from a node's input pipe, and counts. An error of the pipe is thrown where it is met. */
final class PipeInlet<T> implements Inlet<T> {
  /** Of a node without an input. */
  static final Inlet<Object> NOTHING =
      new Inlet<>() {
        @Override
        public @Nullable Object poll() {
          return null;
        }

        @Override
        public boolean isDone() {
          return true;
        }
      };

  private final Tap<T> tap;
  private final NodeMeter meter;

  PipeInlet(Tap<T> tap, NodeMeter meter) {
    this.tap = tap;
    this.meter = meter;
  }

  @Override
  public @Nullable T poll() {
    T item = tap.dequeue();
    if (item == null) {
      if (tap.isError()) {
        throw Node.failure(tap.error());
      }
    } else if (item instanceof Batch batch) {
      meter.took(batch.count());
    }
    return item;
  }

  @Override
  public boolean isDone() {
    return tap.isDone();
  }
}
