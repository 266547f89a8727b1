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
 * The first rows of the order: a sort that forgets what cannot be among the first {@code offset +
 * limit}. Each lane keeps a few times as many rows as asked for, sorts them when it is full, keeps
 * the best, and from then on lets in only rows whose key prefix is not after the worst of these.
 */
public final class Top implements Breaker {
  private static final int SLACK_ROWS = 1 << 13;

  private final QueryContext query;
  private final SortLayout layout;
  private final long offset;
  private final long limit;
  private final Reservation memory;
  private final List<SortedRun> runs = new ArrayList<>();

  /**
   * @param limit offset + limit should be small (up to some 100,000); otherwise sort and slice
   */
  public Top(QueryContext query, DataType[] types, List<SortKey> keys, long offset, long limit) {
    this.query = query;
    this.layout = new SortLayout(types, keys);
    this.offset = offset;
    this.limit = limit;
    this.memory = query.budget().open("top");
  }

  @Override
  public Step<Batch> sink(int lane) {
    return new Sink();
  }

  private final class Sink implements Step<Batch> {
    private final int wanted = (int) Math.min(Integer.MAX_VALUE / 4, offset + limit);
    private final int full = Math.max(2 * wanted, wanted + SLACK_ROWS);
    private final KeyPrefix prefix = new KeyPrefix(layout.keys[0]);
    private @Nullable RowStore open;
    private boolean bounded;
    private long bound;

    @Override
    public Progress step(Inlet<? extends Batch> in, Outlet out) {
      query.token().check();
      Batch batch = in.poll();
      if (batch == null) {
        if (!in.isDone()) {
          return Progress.STUCK;
        }
        if (open != null && open.rows() > 0) {
          SortedRun run = SortedRun.of(open, layout, memory, query.token());
          synchronized (runs) {
            runs.add(run);
          }
          open = null;
        }
        return Progress.DONE;
      }
      if (wanted == 0) {
        return Progress.MOVED;
      }
      Batch stored = layout.stored(batch);
      if (bounded) {
        stored = notAfterBound(stored);
        if (stored.isEmpty()) {
          return Progress.MOVED;
        }
      }
      if (open == null) {
        open = new RowStore(layout.types, memory);
      }
      open.append(stored);
      if (open.rows() >= full) {
        cut();
      }
      return Progress.MOVED;
    }

    private Batch notAfterBound(Batch stored) {
      int[] positions = stored.positions();
      int count = stored.count();
      var keys = stored.column(layout.keyColumns[0]).gather(positions, count);
      long[] prefixes = new long[count];
      prefix.compute(keys, count, prefixes, 0);
      int[] keep = new int[count];
      int n = 0;
      long limitPrefix = bound + Long.MIN_VALUE;
      for (int i = 0; i < count; i++) {
        keep[n] = positions[i];
        n += prefixes[i] + Long.MIN_VALUE <= limitPrefix ? 1 : 0;
      }
      return n == count ? stored : stored.withSelection(keep, n);
    }

    /** Keeps the best rows only. */
    private void cut() {
      RowStore old = java.util.Objects.requireNonNull(open);
      SortedRun run = SortedRun.of(old, layout, memory, query.token());
      RowStore best = new RowStore(layout.types, memory);
      int[] all = new int[layout.types.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = i;
      }
      for (int from = 0; from < wanted; from += query.batchRows()) {
        int n = Math.min(query.batchRows(), wanted - from);
        best.append(old.gather(all, java.util.Arrays.copyOfRange(run.ids, from, from + n), n));
      }
      bound = run.prefixes[wanted - 1];
      bounded = true;
      run.release();
      old.close();
      open = best;
    }
  }

  @Override
  public List<MergeRange> finish() {
    SortedRun.join(runs);
    return limit == 0 ? List.of() : Sort.ranges(runs, offset, limit);
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
