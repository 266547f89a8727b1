package dev.penstock.sources.tpch;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.sources.RowLimit;
import dev.penstock.sources.ScanFilter;
import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the rows of a part, only the requested columns of them. */
final class TpchDecoder<E extends TpchEntity> implements Source.Decoder {
  private final List<TpchColumn<E>> columns;
  private final Schema schema;
  private final Source.Request request;
  private final QueryContext query;
  private final RowLimit limit;
  private @Nullable Iterator<E> rows;
  private int part;
  private long delivered;

  TpchDecoder(
      List<TpchColumn<E>> columns,
      Schema schema,
      Source.Request request,
      QueryContext query,
      RowLimit limit) {
    this.columns = columns;
    this.schema = schema;
    this.request = request;
    this.query = query;
    this.limit = limit;
  }

  @Override
  @SuppressWarnings("unchecked")
  public void begin(Source.Morsel morsel) {
    TpchScan.Part<E> p = (TpchScan.Part<E>) morsel;
    rows = p.rows().iterator();
    part = p.number();
    delivered = 0;
  }

  @Override
  public @Nullable Batch next() {
    for (; ; ) {
      Iterator<E> now = rows;
      if (now == null) {
        return null;
      }
      query.token().check();
      if (!now.hasNext() || delivered >= limit.perMorsel()) {
        rows = null;
        limit.finished(part, delivered);
        return null;
      }
      Batch kept = ScanFilter.apply(generate(now), request.filter());
      kept = ScanFilter.first(kept, limit.perMorsel() - delivered);
      delivered += kept.count();
      if (!kept.isEmpty()) {
        return kept;
      }
    }
  }

  private Batch generate(Iterator<E> from) {
    int max = Math.min(query.batchRows(), Batch.MAX_ROWS);
    int[] wanted = request.columns();
    ColumnBuilder[] builders = new ColumnBuilder[wanted.length];
    for (int c = 0; c < wanted.length; c++) {
      builders[c] = ColumnBuilder.of(schema.type(wanted[c]), max);
    }
    int n = 0;
    while (n < max && from.hasNext()) {
      E row = from.next();
      for (int c = 0; c < wanted.length; c++) {
        append(builders[c], columns.get(wanted[c]), row);
      }
      n++;
    }
    Column[] out = new Column[builders.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = builders[c].build();
    }
    return Batch.of(n, out);
  }

  private static <E extends TpchEntity> void append(ColumnBuilder to, TpchColumn<E> column, E row) {
    switch (column.getType().getBase()) {
      case IDENTIFIER -> to.appendLong(column.getIdentifier(row));
      case INTEGER -> to.appendInt(column.getInteger(row));
      case DATE -> to.appendInt(column.getDate(row));
      // cents that the generator divided by 100; the nearest whole number brings them back exactly
      case DOUBLE -> to.appendLong(Math.round(column.getDouble(row) * 100));
      case VARCHAR -> to.appendString(column.getString(row));
    }
  }

  @Override
  public void close() {
    rows = null;
  }
}
