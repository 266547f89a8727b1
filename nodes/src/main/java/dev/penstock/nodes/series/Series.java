package dev.penstock.nodes.series;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.Inlet;
import dev.penstock.nodes.Offer;
import dev.penstock.nodes.Outlet;
import dev.penstock.nodes.Progress;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Step;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row a value of the series of each row: all columns of the input, then the value. In order;
 * keeps its place within a series from one output batch to the next. A null start, stop or step
 * gives no row.
 */
public final class Series implements Step<Batch> {
  private final QueryContext query;
  private final Expr[] bounds;
  private final DataType type;
  private final boolean exclusive;
  private final int[] positions;
  private final long[] values;
  private final FlatColumn[] evaluated = new FlatColumn[3];
  private final Offer offer = new Offer();
  private @Nullable Batch open;
  private SeriesRange.@Nullable Walk walk;
  private int row;

  /**
   * @param start over the columns of the input, as the others; the type of the series
   * @param step int64 or interval
   * @param exclusive the stop is not one of the values
   */
  public Series(QueryContext query, Expr start, Expr stop, Expr step, boolean exclusive) {
    this.query = query;
    this.bounds = new Expr[] {start, stop, step};
    this.type = start.type();
    this.exclusive = exclusive;
    this.positions = new int[query.batchRows()];
    this.values = new long[query.batchRows()];
  }

  @Override
  public Progress step(Inlet<? extends Batch> in, Outlet out) {
    query.token().check();
    Progress refused = offer.again(out);
    if (refused != null) {
      return refused;
    }
    Batch batch = open;
    if (batch == null) {
      batch = in.poll();
      if (batch == null) {
        return in.isDone() ? Progress.DONE : Progress.STUCK;
      }
      open = batch;
      for (int b = 0; b < bounds.length; b++) {
        evaluated[b] = bounds[b].eval(batch).flat(batch.selection(), batch.count());
      }
      row = 0;
    }
    return offer.give(fill(batch), out);
  }

  /** Takes rows until a batch is full or the input batch is at its end. */
  private @Nullable Batch fill(Batch batch) {
    int n = 0;
    while (n < positions.length && row < batch.count()) {
      int p = batch.position(row);
      SeriesRange.Walk w = walk;
      if (w == null) {
        SeriesRange range = SeriesRange.of(evaluated[0], evaluated[1], evaluated[2], p, exclusive);
        w = range == null ? null : range.walk(0);
        walk = w;
      }
      int from = n;
      if (w != null) {
        n = w.take(values, n, values.length);
        Arrays.fill(positions, from, n, p);
      }
      if (n < values.length) {
        walk = null;
        row++;
      }
    }
    if (row == batch.count()) {
      open = null;
    }
    return n == 0 ? null : batch(batch, n);
  }

  private Batch batch(Batch batch, int n) {
    Column[] in = batch.columns();
    Column[] out = Arrays.copyOf(in, in.length + 1);
    for (int c = 0; c < in.length; c++) {
      out[c] = in[c].gather(positions, n);
    }
    out[in.length] = SeriesRange.column(type, values, n);
    return Batch.of(n, out);
  }
}
