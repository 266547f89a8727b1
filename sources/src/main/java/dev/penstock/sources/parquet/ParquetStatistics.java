package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.Statistics;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Figures of Parquet files: rows, bounds and nulls out of the footers, distinct values out of them
 * and a few row groups.
 *
 * <p>Concurrency: {@code columns} is filled without a lock; two threads that ask at once compute
 * the same figures, and one of them stays.
 */
final class ParquetStatistics implements Statistics {
  private final List<ParquetFile> files;
  private final Schema schema;
  private final long rows;
  private final AtomicReferenceArray<ColumnStatistics> columns;

  ParquetStatistics(List<ParquetFile> files, Schema schema) {
    this.files = files;
    this.schema = schema;
    this.columns = new AtomicReferenceArray<>(schema.size());
    long sum = 0;
    for (ParquetFile f : files) {
      sum += f.rowCount();
    }
    this.rows = sum;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public boolean rowsExact() {
    return true;
  }

  @Override
  public ColumnStatistics column(int ordinal) {
    ColumnStatistics known = columns.get(ordinal);
    if (known != null) {
      return known;
    }
    ColumnStatistics found = find(schema.field(ordinal));
    return columns.compareAndSet(ordinal, null, found) ? found : columns.get(ordinal);
  }

  private ColumnStatistics find(Field field) {
    Bounds bounds = bounds(field.name(), field.type());
    double nullShare =
        bounds.nulls() < 0 ? -1 : rows == 0 ? 0 : Math.min(1, (double) bounds.nulls() / rows);
    // a NaN is greater than every float, and no footer counts it
    boolean exact = !field.type().equals(DataType.FLOAT64);
    return new ColumnStatistics(
        DistinctValues.estimate(files, field.name(), bounds),
        bounds.hostMin(),
        bounds.hostMax(),
        exact && (bounds.min() != null || bounds.max() != null),
        nullShare);
  }

  /** The bounds over all row groups of all files. */
  private Bounds bounds(String name, DataType type) {
    Bounds all = Bounds.none(type);
    for (ParquetFile f : files) {
      ParquetColumn c = f.column(name);
      for (int g = 0; g < f.rowGroups(); g++) {
        all = all.with(f.bounds(c, g));
      }
    }
    return all;
  }
}
