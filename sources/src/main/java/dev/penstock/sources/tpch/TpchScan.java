package dev.penstock.sources.tpch;

import dev.penstock.batch.Schema;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.sources.RowLimit;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import org.jspecify.annotations.Nullable;

/**
 * Deals the parts of a table; the rows are made by the decoders.
 *
 * <p>Concurrency: {@code part} belongs to {@link #next}; {@code closed} is volatile.
 */
final class TpchScan<E extends TpchEntity> implements Source.Scan {
  private final TpchTable<E> table;
  private final double scale;
  private final int parts;
  private final Schema schema;
  private final Source.Request request;
  private final QueryContext query;
  private final RowLimit limit;
  private volatile int part;
  private volatile boolean closed;

  TpchScan(
      TpchTable<E> table,
      double scale,
      int parts,
      Schema schema,
      Source.Request request,
      QueryContext query) {
    this.table = table;
    this.scale = scale;
    this.parts = parts;
    this.schema = schema;
    this.request = request;
    this.query = query;
    this.limit = new RowLimit(request.limit());
  }

  /** One part of the table. */
  record Part<E>(int number, Iterable<E> rows) implements Source.Morsel {
    @Override
    public long sizeBytes() {
      return 64;
    }
  }

  @Override
  public @Nullable Part<E> next() {
    query.token().check();
    int n = part;
    if (closed || n == parts || limit.reached()) {
      return null;
    }
    part = n + 1;
    // the first generator fills the pool of text, which takes a second: here, not on a compute
    // thread
    return new Part<>(n, table.createGenerator(scale, n + 1, parts));
  }

  @Override
  public Source.Decoder decoder() {
    return new TpchDecoder<>(table.getColumns(), schema, request, query, limit);
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public double progress() {
    return (double) part / parts;
  }
}
