package dev.penstock.nodes;

import dev.penstock.batch.Batch;

/** The first step of a node that is fed with morsels: a decoder makes batches of them. */
public final class Decode implements Step<Source.Morsel> {
  private final Source.Decoder decoder;
  private final Offer offer = new Offer();
  private boolean open;

  public Decode(Source.Decoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public Progress step(Inlet<? extends Source.Morsel> in, Outlet out) {
    Progress refused = offer.again(out);
    if (refused != null) {
      return refused;
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
    open = batch != null;
    return offer.give(batch, out);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
