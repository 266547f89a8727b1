package dev.penstock.sources.memory;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.QueryContext;
import dev.penstock.nodes.Source;
import dev.penstock.nodes.Statistics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batches that are kept: literal rows ({@code values+}), a subplan that was computed once. A morsel
 * is one batch. The bytes belong to whoever made the batches; a scan reserves nothing. Immutable.
 */
public final class BatchSource implements Source {
  private final Schema schema;
  private final List<Batch> batches;
  private final Statistics statistics;

  /**
   * @param batches with the columns of the schema, in its order
   */
  public BatchSource(Schema schema, List<Batch> batches) {
    this.schema = schema;
    this.batches = batches.stream().filter(b -> !b.isEmpty()).toList();
    long sum = 0;
    for (Batch b : this.batches) {
      if (b.columns().length != schema.size()) {
        throw new IllegalArgumentException(
            b.columns().length + " columns where the schema has " + schema.size());
      }
      sum += b.count();
    }
    this.statistics =
        new KeptStatistics<>(schema, this.batches, sum, true, (batch, ordinal) -> batch);
  }

  /**
   * Literal rows of host values (docs/plan-language.md, section 1). A value that is not of the
   * column's type is an INCORRECT error.
   */
  public static BatchSource ofRows(
      Schema schema, List<? extends List<? extends @Nullable Object>> rows) {
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += Batch.ROWS) {
      int n = Math.min(Batch.ROWS, rows.size() - from);
      Column[] columns = new Column[schema.size()];
      for (int c = 0; c < columns.length; c++) {
        ColumnBuilder builder = ColumnBuilder.of(schema.type(c), n);
        for (int r = 0; r < n; r++) {
          builder.appendValue(rows.get(from + r).get(c));
        }
        columns[c] = builder.build();
      }
      batches.add(Batch.of(n, columns));
    }
    return new BatchSource(schema, batches);
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public long rowCount() {
    return statistics.rows();
  }

  @Override
  public Statistics statistics() {
    return statistics;
  }

  @Override
  public Scan open(Request request, QueryContext query) {
    return new KeptScan<>(batches, b -> b, request, query);
  }
}
