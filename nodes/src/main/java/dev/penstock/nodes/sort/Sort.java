package dev.penstock.nodes.sort;

import dev.penstock.batch.Batch;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.Reservation;
import dev.penstock.nodes.Breaker;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Step;
import dev.penstock.nodes.rows.RowStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts all rows. Each lane gathers rows and sorts them in runs of at most {@link #RUN_ROWS}; at
 * the end the order is cut into ranges by splitters taken from the longest run, and each range is
 * merged from all runs. The morsels are in the order of the output: run the decoders in an ordered
 * node. Rows with equal keys come in any order.
 *
 * <p>Memory: the rows, 12 or 20 bytes a row for the order, up to 40 while a run is sorted.
 */
public final class Sort implements Breaker {
  /** Rows of a run at most, about. */
  public static final int RUN_ROWS = 1 << 19;

  private static final int RANGE_ROWS = 1 << 16;

  private final QueryContext query;
  private final SortLayout layout;
  private final Reservation memory;
  private final List<SortedRun> runs = new ArrayList<>();

  /**
   * @param types the types of the input's columns, which go out unchanged
   * @param keys at least one
   */
  public Sort(QueryContext query, DataType[] types, List<SortKey> keys) {
    this.query = query;
    this.layout = new SortLayout(types, keys);
    this.memory = query.budget().open("sort");
  }

  @Override
  public Step<Batch> sink(int lane) {
    return new Sink();
  }

  /** One lane: rows in, sorted runs added to the list at the end. */
  private final class Sink implements Step<Batch> {
    private @Nullable RowStore open;

    @Override
    public Progress step(Inlet<? extends Batch> in, Outlet out) {
      query.token().check();
      Batch batch = in.poll();
      if (batch == null) {
        if (!in.isDone()) {
          return Progress.STUCK;
        }
        endRun();
        return Progress.DONE;
      }
      RowStore store = open;
      if (store == null) {
        store = new RowStore(layout.types, memory);
        open = store;
      }
      store.append(layout.stored(batch));
      if (store.rows() >= RUN_ROWS) {
        endRun();
      }
      return Progress.MOVED;
    }

    private void endRun() {
      RowStore store = open;
      open = null;
      if (store != null && store.rows() > 0) {
        SortedRun run = SortedRun.of(store, layout, memory, query.token());
        synchronized (runs) {
          runs.add(run);
        }
      }
    }
  }

  @Override
  public List<MergeRange> finish() {
    SortedRun.join(runs);
    return ranges(runs, 0, Long.MAX_VALUE);
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
    return new Merger(query, runs, layout);
  }

  @Override
  public void close() {
    for (SortedRun run : runs) {
      run.store().close();
    }
    runs.clear();
    memory.close();
  }
}
