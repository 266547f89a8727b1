package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A value that an expression needs at several places, computed once. The expression sees a batch
 * with one more column, the last one, which is the value; narrower batches keep it.
 */
record Once(Expr value, Expr body) implements Expr {

  /** What the body says for the value. */
  private record Last(DataType type) implements Expr {
    @Override
    public List<Expr> inputs() {
      return List.of();
    }

    @Override
    public Column eval(Batch batch) {
      Column[] columns = batch.columns();
      return columns[columns.length - 1];
    }
  }

  /**
   * The expression over a value.
   *
   * @param body the same over what stands for the value; it may stand for nothing else
   */
  static Expr of(Expr value, UnaryOperator<Expr> body) {
    return value instanceof ColumnExpr || value instanceof LiteralExpr
        ? body.apply(value)
        : new Once(value, body.apply(new Last(value.type())));
  }

  @Override
  public DataType type() {
    return body.type();
  }

  @Override
  public List<Expr> inputs() {
    return List.of(value, body);
  }

  @Override
  public Column eval(Batch batch) {
    Column[] columns = Arrays.copyOf(batch.columns(), batch.columns().length + 1);
    columns[columns.length - 1] = value.eval(batch);
    return body.eval(batch.withColumns(columns));
  }
}
