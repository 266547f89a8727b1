package dev.penstock.sparql.store;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.keyfilter.KeyFilter;
import dev.penstock.nodes.keyfilter.LaneFilter;
import dev.penstock.nodes.keyfilter.RuntimeFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What joins ask of a source: the runtime filters of its request. */
public final class JoinKeys {
  private JoinKeys() {}

  /**
   * The only values of a column of the source that are asked for, ascending and distinct; null: any
   * may be, or they are many. Not to be written to.
   */
  public static long @Nullable [] of(Source.Request request, int column) {
    long[] shortest = null;
    for (RuntimeFilter f : request.runtimeFilters()) {
      if (request.columns()[f.column()] == column && f.filter().isSet()) {
        KeyFilter filter = f.filter().get();
        long[] list = filter.isEmpty() ? new long[0] : filter.list();
        if (list != null && (shortest == null || list.length < shortest.length)) {
          shortest = list;
        }
      }
    }
    return shortest;
  }

  /** The filters as one lane applies them, each from when it is there. */
  public static final class Lane {
    private final List<LaneFilter> filters;

    public Lane(Source.Request request) {
      this.filters = request.runtimeFilters().stream().map(LaneFilter::new).toList();
    }

    /** The rows that pass. */
    public Batch passing(Batch batch) {
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
}
