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
import java.util.List;

/**
 * The first rows of the order: a sort that forgets what cannot be among the first {@code offset +
 * limit}. Each lane keeps a few times as many rows as asked for, sorts them when it is full, keeps
 * the best, and from then on lets in only rows whose key prefix is not after the worst of these.
 * What does not fit is written to disk as sorted runs, as in {@link Sort}.
 */
public final class Top implements Breaker {
  private static final int SLACK_ROWS = 1 << 13;

  private final QueryContext query;
  private final SortLayout layout;
  private final long offset;
  private final long limit;
  private final SortRows rows;

  /**
   * @param limit offset + limit should be small (up to some 100,000); otherwise sort and slice
   */
  public Top(QueryContext query, DataType[] types, List<SortKey> keys, long offset, long limit) {
    this(query, types, keys, offset, limit, SpillSizes.USUAL);
  }

  Top(
      QueryContext query,
      DataType[] types,
      List<SortKey> keys,
      long offset,
      long limit,
      SpillSizes sizes) {
    this.query = query;
    this.layout = new SortLayout(types, keys);
    this.offset = offset;
    this.limit = limit;
    this.rows = new SortRows(query, layout, sizes, "top");
  }

  @Override
  public Step<Batch> sink(int lane) {
    return new Sink(rows.lane(lane));
  }

  private final class Sink implements Step<Batch> {
    private final int wanted = (int) Math.min(Integer.MAX_VALUE / 4, offset + limit);
    private final int full = Math.max(2 * wanted, wanted + SLACK_ROWS);
    private final KeyPrefix prefix = new KeyPrefix(layout.keys[0]);
    private final SortLane lane;

    Sink(SortLane lane) {
      this.lane = lane;
      lane.keepOnly(wanted);
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
      if (wanted == 0) {
        return Progress.MOVED;
      }
      Batch stored = layout.stored(batch);
      if (lane.isBounded()) {
        stored = notAfterBound(stored);
        if (stored.isEmpty()) {
          return Progress.MOVED;
        }
      }
      lane.add(stored);
      if (lane.openRows() >= full) {
        lane.cut(query.batchRows());
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
      long limitPrefix = lane.bound() + Long.MIN_VALUE;
      for (int i = 0; i < count; i++) {
        keep[n] = positions[i];
        n += prefixes[i] + Long.MIN_VALUE <= limitPrefix ? 1 : 0;
      }
      return n == count ? stored : stored.withSelection(keep, n);
    }
  }

  @Override
  public List<? extends Source.Morsel> finish() {
    if (limit == 0) {
      return List.of();
    }
    List<SortedRun> runs = rows.finish(offset, limit);
    return runs == null ? rows.merge().ranges() : Sort.ranges(runs, offset, limit);
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
