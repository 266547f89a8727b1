package dev.penstock.nodes;

import dev.penstock.batch.Batch;

/** Counts what leaves a node. */
final class MeteredOutlet implements Outlet {
  private final Outlet out;
  private final NodeMeter meter;

  MeteredOutlet(Outlet out, NodeMeter meter) {
    this.out = out;
    this.meter = meter;
  }

  @Override
  public boolean offer(Batch batch) {
    if (!out.offer(batch)) {
      return false;
    }
    meter.batch(batch.count());
    return true;
  }
}
