package dev.penstock.sources;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.Kind;
import dev.penstock.batch.kernel.Ordering;
import dev.penstock.nodes.ColumnStatistics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Figures of one column out of the rows at a few places of the data. Not thread-safe. */
public final class ColumnSample {
  private final @Nullable Ordering order;
  private final List<DistinctSample> places = new ArrayList<>();
  private DistinctSample place = new DistinctSample();
  private long rows;
  private long nulls;
  private @Nullable Column least; // of one value
  private @Nullable Column greatest;

  public ColumnSample(DataType type) {
    boolean ordered = type.kind() != Kind.JSON && type.kind() != Kind.ANY;
    this.order = ordered ? Ordering.of(type) : null;
    places.add(place);
  }

  /** The rows that follow do not lie behind those that came before. */
  public void nextPlace() {
    if (place.rows() > 0) {
      place = new DistinctSample();
      places.add(place);
    }
  }

  /** Adds the rows of a batch, of which this is a column. */
  public void add(Column column, Batch batch) {
    int n = batch.count();
    place.add(column, batch.selection(), n);
    rows += n;
    int min = -1;
    int max = -1;
    for (int i = 0; i < n; i++) {
      int p = batch.position(i);
      if (column.isNull(p)) {
        nulls++;
      } else if (order != null) {
        min = min < 0 || order.compare(column, p, column, min) < 0 ? p : min;
        max = max < 0 || order.compare(column, p, column, max) > 0 ? p : max;
      }
    }
    if (order == null || min < 0) {
      return;
    }
    if (least == null || order.compare(column, min, least, 0) < 0) {
      least = column.gather(new int[] {min}, 1);
    }
    if (greatest == null || order.compare(column, max, greatest, 0) > 0) {
      greatest = column.gather(new int[] {max}, 1);
    }
  }

  /**
   * The figures of a column of so many rows.
   *
   * @param whole the sample is all the rows, so that its bounds hold
   */
  public ColumnStatistics statistics(long totalRows, boolean whole) {
    double share = rows == 0 ? (totalRows == 0 ? 0 : -1) : (double) nulls / rows;
    long distinct = DistinctSample.estimate(rows == 0 ? List.of() : places, totalRows);
    return new ColumnStatistics(
        distinct,
        least == null ? null : least.value(0),
        greatest == null ? null : greatest.value(0),
        whole && least != null,
        share);
  }
}
