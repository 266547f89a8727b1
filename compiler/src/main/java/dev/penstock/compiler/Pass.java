package dev.penstock.compiler;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.OneToOne;

/** Hands batches on as they are. */
final class Pass extends OneToOne {
  @Override
  protected Batch apply(Batch batch) {
    return batch;
  }
}
