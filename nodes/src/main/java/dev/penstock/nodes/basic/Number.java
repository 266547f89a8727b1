package dev.penstock.nodes.basic;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.batch.LongColumn;
import dev.penstock.nodes.OneToOne;
import dev.penstock.nodes.QueryContext;
import java.util.Arrays;

/** Appends an int64 column that numbers the rows from 0, in the order of the input. One lane. */
public final class Number extends OneToOne {
  private final QueryContext query;
  private long next;

  public Number(QueryContext query) {
    this.query = query;
  }

  @Override
  protected Batch apply(Batch batch) {
    query.token().check();
    int n = batch.count();
    long first = next;
    next += n;
    long[] numbers = new long[batch.length()];
    int[] selection = batch.selection();
    if (selection == null) {
      for (int i = 0; i < n; i++) {
        numbers[i] = first + i;
      }
    } else {
      for (int i = 0; i < n; i++) {
        numbers[selection[i]] = first + i;
      }
    }
    Column[] columns = Arrays.copyOf(batch.columns(), batch.columns().length + 1);
    columns[columns.length - 1] = new LongColumn(DataType.INT64, numbers, null, batch.length());
    return batch.withColumns(columns);
  }
}
