package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import dev.penstock.monitor.CancellationToken;

/** A function of one column of ids whose values are built one by one; of unbound it is null. */
abstract class IdFunction implements HostFunction {
  /** The token is asked for each so many rows. */
  private static final int CHECK = 0xF;

  private final DataType type;

  IdFunction(DataType type) {
    this.type = type;
  }

  /** Appends one value, or null. */
  abstract void append(ColumnBuilder out, long id);

  @Override
  public final Column eval(Batch batch, Column[] args) {
    FlatColumn ids = args[0].flat(batch.selection(), batch.count());
    long[] values = ((LongColumn) ids).values();
    ColumnBuilder out = ColumnBuilder.of(type, batch.length());
    int next = 0;
    for (int i = 0; i < batch.count(); i++) {
      if ((i & CHECK) == 0) {
        CancellationToken.checkCurrent();
      }
      int p = batch.position(i);
      for (; next < p; next++) {
        out.appendNull();
      }
      if (ids.isNull(p)) {
        out.appendNull();
      } else {
        append(out, values[p]);
      }
      next = p + 1;
    }
    for (; next < batch.length(); next++) {
      out.appendNull();
    }
    return out.build();
  }
}
