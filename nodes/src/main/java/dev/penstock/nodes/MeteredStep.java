package dev.penstock.nodes;

import dev.penstock.batch.Batch;

/** A step whose rows are counted as they leave, and whose time is taken when asked for. */
public final class MeteredStep<T> implements Step<T>, Outlet {
  private final Step<T> step;
  private final StepMeter meter;
  private final boolean timed;
  private Outlet out = batch -> false;

  /**
   * @param timed whether to read the clock, twice a call
   */
  public MeteredStep(Step<T> step, StepMeter meter, boolean timed) {
    this.step = step;
    this.meter = meter;
    this.timed = timed;
  }

  @Override
  public Progress step(Inlet<? extends T> in, Outlet outlet) {
    out = outlet;
    if (!timed) {
      return step.step(in, this);
    }
    long start = System.nanoTime();
    try {
      return step.step(in, this);
    } finally {
      meter.took(System.nanoTime() - start);
    }
  }

  @Override
  public boolean offer(Batch batch) {
    if (!out.offer(batch)) {
      return false;
    }
    if (!batch.isEmpty()) {
      meter.gave(batch.count());
    }
    return true;
  }

  @Override
  public void close() {
    step.close();
  }
}
