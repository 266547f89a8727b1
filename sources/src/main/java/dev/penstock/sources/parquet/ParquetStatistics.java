package dev.penstock.sources.parquet;

import dev.penstock.batch.DataType;
import dev.penstock.batch.Field;
import dev.penstock.batch.Schema;
import dev.penstock.nodes.ColumnStatistics;
import dev.penstock.nodes.FoundColumns;
import dev.penstock.nodes.Statistics;
import java.util.List;

/**
 * Figures of Parquet files: rows, bounds and nulls out of the footers, distinct values out of them
 * and a few row groups.
 */
final class ParquetStatistics implements Statistics {
  private final List<ParquetFile> files;
  private final Schema schema;
  private final long rows;
  private final FoundColumns columns;

  ParquetStatistics(List<ParquetFile> files, Schema schema) {
    this.files = files;
    this.schema = schema;
    this.columns = new FoundColumns(schema.size(), this::find);
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
    return columns.get(ordinal);
  }

  private ColumnStatistics find(int ordinal) {
    Field field = schema.field(ordinal);
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
