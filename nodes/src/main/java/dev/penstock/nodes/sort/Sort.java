package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorts all rows. Each lane gathers rows and sorts them in runs of at most {@link #RUN_ROWS}; at
 * the end the order is cut into ranges by splitters taken from the longest run, and each range is
 * merged from all runs. The morsels are in the order of the output: run the decoders in an ordered
 * node. Rows with equal keys come in any order.
 *
 * <p>Memory: the rows, 12 or 20 bytes a row for the order, up to 40 while a run is sorted. What
 * does not fit is written to disk as sorted runs, and merged from there: see {@link SortRows}.
 */
public final class Sort implements Breaker {
  /** Rows of a run at most, about. */
  public static final int RUN_ROWS = 1 << 19;

  private static final int RANGE_ROWS = 1 << 16;

  private final QueryContext query;
  private final SortLayout layout;
  private final SortRows rows;

  /**
   * @param types the types of the input's columns, which go out unchanged
   * @param keys at least one
   */
  public Sort(QueryContext query, DataType[] types, List<SortKey> keys) {
    this(query, types, keys, SpillSizes.USUAL);
  }

  Sort(QueryContext query, DataType[] types, List<SortKey> keys, SpillSizes sizes) {
    this.query = query;
    this.layout = new SortLayout(types, keys);
    this.rows = new SortRows(query, layout, sizes, "sort");
  }

  @Override
  public Step<Batch> sink(int lane) {
    return new Sink(rows.lane(lane));
  }

  /** One lane: rows in. */
  private final class Sink implements Step<Batch> {
    private final SortLane lane;

    Sink(SortLane lane) {
      this.lane = lane;
    }

    @Override
    public Progress step(Inlet<? extends Batch> in, Outlet out) {
      query.token().check();
      Batch batch = in.poll();
      if (batch == null) {
        if (!in.isDone()) {
          return Progress.STUCK;
        }
        lane.end();
        return Progress.DONE;
      }
      lane.add(layout.stored(batch));
      if (lane.openRows() >= RUN_ROWS) {
        lane.endRun();
      }
      return Progress.MOVED;
    }
  }

  @Override
  public List<? extends Source.Morsel> finish() {
    List<SortedRun> runs = rows.finish(0, Long.MAX_VALUE);
    return runs == null ? rows.merge().ranges() : ranges(runs, 0, Long.MAX_VALUE);
  }

  /** Cuts the order of all runs into ranges of about {@link #RANGE_ROWS} rows. */
  static List<MergeRange> ranges(List<SortedRun> runs, long skip, long take) {
    SortedRun longest = SortedRun.longest(runs);
    if (longest == null) {
      return List.of();
    }
    long total = 0;
    for (SortedRun run : runs) {
      total += run.rows;
    }
    List<MergeRange> out = new ArrayList<>();
    int[] from = new int[runs.size()];
    int pieces = skip == 0 && take == Long.MAX_VALUE ? (int) Math.max(1, total / RANGE_ROWS) : 1;
    for (int p = 1; p <= pieces; p++) {
      int[] to = new int[runs.size()];
      int split = (int) ((long) longest.rows * p / pieces);
      for (int r = 0; r < to.length; r++) {
        to[r] =
            p == pieces
                ? runs.get(r).rows
                : Math.max(from[r], runs.get(r).lowerBound(longest, split));
      }
      out.add(new MergeRange(from, to, skip, take));
      from = to;
    }
    return out;
  }

  @Override
  public Source.Decoder decoder() {
    return rows.decoder();
  }

  @Override
  public void close() {
    rows.close();
  }
}
