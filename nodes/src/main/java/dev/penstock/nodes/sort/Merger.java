package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merges ranges of sorted runs into batches. */
final class Merger implements Source.Decoder {
  private final QueryContext query;
  private final SortLayout layout;
  private final List<SortedRun> runs;
  private @Nullable RunMerge merge;
  private long left;

  /**
   * @param runs read when the first range begins: they may not be complete before
   */
  Merger(QueryContext query, List<SortedRun> runs, SortLayout layout) {
    this.query = query;
    this.layout = layout;
    this.runs = runs;
  }

  @Override
  public void begin(Source.Morsel morsel) {
    MergeRange range = (MergeRange) morsel;
    RunMerge m = merge;
    if (m == null) {
      m = new RunMerge(runs);
      merge = m;
    }
    m.begin(range.from(), range.to());
    m.skip(range.skip());
    left = range.take();
  }

  @Override
  public @Nullable Batch next() {
    query.token().check();
    RunMerge m = merge;
    if (m == null) {
      return null;
    }
    int[] ids = new int[(int) Math.min(left, query.batchRows())];
    int n = m.take(ids, ids.length);
    left -= n;
    return n == 0 ? null : runs.get(0).store().gather(layout.output, ids, n);
  }

  @Override
  public void close() {}
}
