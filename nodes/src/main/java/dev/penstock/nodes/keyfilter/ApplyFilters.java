package dev.penstock.nodes.keyfilter;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.OneToOne;
import dev.penstock.nodes.QueryContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies runtime filters to the batches of a scan that does not do so itself: a narrower
 * selection; batches with few rows left are copied together. One lane; keeps the order.
 */
public final class ApplyFilters extends OneToOne {
  private final QueryContext query;
  private final List<LaneFilter> filters = new ArrayList<>();

  public ApplyFilters(QueryContext query, List<RuntimeFilter> filters) {
    this.query = query;
    for (RuntimeFilter filter : filters) {
      this.filters.add(new LaneFilter(filter));
    }
  }

  @Override
  protected @Nullable Batch apply(Batch batch) {
    query.token().check();
    Batch now = batch;
    for (LaneFilter filter : filters) {
      if (!now.isEmpty() && filter.applies(now.count())) {
        int[] out = new int[now.count()];
        int n = filter.select(now.column(filter.column()), now.selection(), now.count(), out);
        now = n == now.count() ? now : now.withSelection(out, n);
      }
    }
    return now != batch && now.count() < now.length() >> 2 ? now.compact() : now;
  }
}
