package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import java.util.List;

/** A column of the batch, as it is. */
public record ColumnExpr(int index, DataType type) implements Expr {
  @Override
  public Column eval(Batch batch) {
    return batch.column(index);
  }

  @Override
  public List<Expr> inputs() {
    return List.of();
  }
}
