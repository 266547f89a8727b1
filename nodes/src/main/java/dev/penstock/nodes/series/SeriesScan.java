package dev.penstock.nodes.series;

import dev.penstock.batch.Batch;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.expr.Expr;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import org.jspecify.annotations.Nullable;

/**
 * A series of constants, as a scan: one column. Its morsels are ranges of the series, counted out
 * in parallel; that of a step with months is one.
 */
public final class SeriesScan implements Source.Scan {
  private static final long MORSEL_VALUES = 1 << 17;

  private final QueryContext query;
  private final @Nullable SeriesRange range;
  private final long count;
  private long next;
  private volatile boolean closed;

  /**
   * @param start without columns, as the others; the type of the series
   * @param step int64 or interval
   * @param exclusive the stop is not one of the values
   */
  public SeriesScan(QueryContext query, Expr start, Expr stop, Expr step, boolean exclusive) {
    this.query = query;
    Batch row = Batch.of(1);
    this.range =
        SeriesRange.of(value(start, row), value(stop, row), value(step, row), 0, exclusive);
    this.count = range == null ? 0 : range.isDirect() ? range.count() : 1;
  }

  private static FlatColumn value(Expr expr, Batch row) {
    return expr.eval(row).flat(null, 1);
  }

  /** Values from an index on. */
  private record Piece(long from, long count) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 64;
    }
  }

  @Override
  public Source.@Nullable Morsel next() {
    SeriesRange r = range;
    if (closed || r == null || next >= count) {
      return null;
    }
    long from = next;
    if (!r.isDirect()) {
      next = 1;
      return new Piece(0, Long.MAX_VALUE);
    }
    long n = Math.min(MORSEL_VALUES, count - from);
    next += n;
    return new Piece(from, n);
  }

  @Override
  public Source.Decoder decoder() {
    return new Decoder();
  }

  private final class Decoder implements Source.Decoder {
    private final long[] values = new long[query.batchRows()];
    private SeriesRange.@Nullable Walk walk;
    private long left;

    @Override
    public void begin(Source.Morsel morsel) {
      Piece piece = (Piece) morsel;
      walk = range == null ? null : range.walk(piece.from());
      left = piece.count();
    }

    @Override
    public @Nullable Batch next() {
      query.token().check();
      SeriesRange.Walk w = walk;
      SeriesRange r = range;
      if (w == null || r == null) {
        return null;
      }
      int n = w.take(values, 0, (int) Math.min(values.length, left));
      left -= n;
      if (n == 0) {
        walk = null;
        return null;
      }
      return Batch.of(n, SeriesRange.column(r.type(), values, n));
    }

    @Override
    public void close() {
      walk = null;
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public double progress() {
    return count == 0 ? 1 : (double) next / count;
  }
}
