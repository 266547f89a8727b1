package dev.penstock.nodes.basic;

import dev.penstock.batch.Batch;
import dev.penstock.batch.expr.Predicate;
import dev.penstock.nodes.OneToOne;
import dev.penstock.nodes.QueryContext;
import org.jspecify.annotations.Nullable;

/**
 * Rows for which a predicate is true (not false, not null): a narrower selection, no copy. Only
 * when less than a quarter of the physical positions is left are the rows copied together, so that
 * what follows does not read through holes.
 *
 * <p>Any number of lanes, each with a step of its own. Keeps the order.
 */
public final class Filter extends OneToOne {
  private final QueryContext query;
  private final Predicate predicate;

  public Filter(QueryContext query, Predicate predicate) {
    this.query = query;
    this.predicate = predicate;
  }

  @Override
  protected @Nullable Batch apply(Batch batch) {
    query.token().check();
    int[] out = new int[batch.count()];
    int n = predicate.select(batch, out);
    if (n == 0) {
      return null;
    }
    if (n == batch.count()) {
      return batch;
    }
    Batch narrowed = batch.withSelection(out, n);
    return n < batch.length() >> 2 ? narrowed.compact() : narrowed;
  }
}
