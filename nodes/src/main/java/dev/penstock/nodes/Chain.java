package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one lane, fused: between two steps lies a slot for one batch, and driving the chain
 * moves batches as far down as they go before new ones are taken in. Used by one thread at a time.
 */
final class Chain implements AutoCloseable {
  private final Step<Object>[] steps;
  private final Inlet<?>[] inlets;
  private final Outlet[] outlets;
  private final boolean[] done;

  @SuppressWarnings("unchecked") // the node's builder puts steps together whose items fit
  Chain(List<? extends Step<?>> steps, Inlet<?> in, Outlet out) {
    int n = steps.size();
    this.steps = (Step<Object>[]) steps.toArray(new Step<?>[n]);
    this.inlets = new Inlet<?>[n];
    this.outlets = new Outlet[n];
    this.done = new boolean[n];
    inlets[0] = in;
    outlets[n - 1] = out;
    for (int i = 1; i < n; i++) {
      Slot slot = new Slot();
      outlets[i - 1] = slot;
      inlets[i] = slot;
    }
  }

  /** Makes one move somewhere in the chain, the furthest down that is possible. */
  Progress drive() {
    int last = steps.length - 1;
    for (int i = last; i >= 0; i--) {
      if (done[i]) {
        continue;
      }
      Progress p = steps[i].step(inlet(i), outlets[i]);
      if (p == Progress.MOVED) {
        return p;
      }
      if (p == Progress.DONE) {
        finish(i);
        return i == last ? Progress.DONE : Progress.MOVED;
      }
    }
    return Progress.STUCK;
  }

  @SuppressWarnings("unchecked")
  private Inlet<Object> inlet(int i) {
    return (Inlet<Object>) inlets[i];
  }

  /** Step i will give nothing more: those above it have nobody to give to. */
  private void finish(int i) {
    for (int k = 0; k <= i; k++) {
      done[k] = true;
      if (outlets[k] instanceof Slot slot) {
        slot.closed = true;
        if (k < i) {
          slot.batch = null;
        }
      }
    }
  }

  @Override
  public void close() {
    RuntimeException first = null;
    for (Step<?> step : steps) {
      try {
        step.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** The place between two steps. */
  private static final class Slot implements Inlet<Batch>, Outlet {
    private @Nullable Batch batch;
    private boolean closed;

    @Override
    public @Nullable Batch poll() {
      Batch b = batch;
      batch = null;
      return b;
    }

    @Override
    public boolean isDone() {
      return closed && batch == null;
    }

    @Override
    public boolean offer(Batch next) {
      if (next.isEmpty()) {
        return true;
      }
      if (batch != null) {
        return false;
      }
      batch = next;
      return true;
    }
  }
}
