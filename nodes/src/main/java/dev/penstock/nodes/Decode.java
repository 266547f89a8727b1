package dev.penstock.nodes;

import dev.penstock.batch.Batch;
import org.jspecify.annotations.Nullable;

/** The first step of a node that is fed with morsels: a decoder makes batches of them. */
public final class Decode implements Step<Source.Morsel> {
  private final Source.Decoder decoder;
  private boolean open;
  private @Nullable Batch waiting;

  public Decode(Source.Decoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public Progress step(Inlet<? extends Source.Morsel> in, Outlet out) {
    if (waiting != null) {
      if (!out.offer(waiting)) {
        return Progress.STUCK;
      }
      waiting = null;
      return Progress.MOVED;
    }
    if (!open) {
      Source.Morsel morsel = in.poll();
      if (morsel == null) {
        return in.isDone() ? Progress.DONE : Progress.STUCK;
      }
      decoder.begin(morsel);
      open = true;
    }
    Batch batch = decoder.next();
    if (batch == null) {
      open = false;
    } else if (!out.offer(batch)) {
      waiting = batch;
    }
    return Progress.MOVED;
  }

  @Override
  public void close() {
    decoder.close();
  }
}
