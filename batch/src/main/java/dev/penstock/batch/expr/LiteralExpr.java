package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.ConstantColumn;
import dev.penstock.batch.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A constant. */
public final class LiteralExpr implements Expr {
  private final ConstantColumn column;

  /**
   * @param value a host value of the type, or null
   */
  public LiteralExpr(DataType type, @Nullable Object value) {
    this.column = ConstantColumn.of(type, value, 1);
  }

  @Override
  public DataType type() {
    return column.type();
  }

  /** The constant, of length 1. */
  public ConstantColumn constant() {
    return column;
  }

  /** The host value. */
  public @Nullable Object value() {
    return column.value(0);
  }

  @Override
  public Column eval(Batch batch) {
    return column.withLength(batch.length());
  }

  @Override
  public List<Expr> inputs() {
    return List.of();
  }
}
