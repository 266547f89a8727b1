package dev.penstock.sparql.eval;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ColumnBuilder;
import dev.penstock.batch.DataType;
import dev.penstock.batch.FlatColumn;
import dev.penstock.batch.LongColumn;
import dev.penstock.batch.expr.HostFunction;
import java.nio.ByteBuffer;

/** Whole solutions as bytes, equal for equal ones: what COUNT(DISTINCT *) counts. */
public final class RowIds implements HostFunction {
  @Override
  public Column eval(Batch batch, Column[] args) {
    FlatColumn[] flat = new FlatColumn[args.length];
    for (int k = 0; k < args.length; k++) {
      flat[k] = args[k].flat(batch.selection(), batch.count());
    }
    ColumnBuilder out = ColumnBuilder.of(DataType.VARBINARY, batch.length());
    byte[] bytes = new byte[8 * args.length];
    boolean[] isRow = new boolean[batch.length()];
    for (int i = 0; i < batch.count(); i++) {
      isRow[batch.position(i)] = true;
    }
    for (int p = 0; p < isRow.length; p++) {
      if (isRow[p]) {
        ByteBuffer row = ByteBuffer.wrap(bytes);
        for (FlatColumn column : flat) {
          row.putLong(column.isNull(p) ? 0 : ((LongColumn) column).values()[p]);
        }
        out.appendBytes(bytes, 0, bytes.length);
      } else {
        out.appendNull();
      }
    }
    return out.build();
  }
}
