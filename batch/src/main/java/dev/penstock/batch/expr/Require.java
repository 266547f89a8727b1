package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import dev.penstock.monitor.PenstockException;
import java.util.List;

/** {@code (require c x message)}: x; a row for which c is not true is an error with the message. */
record Require(Predicate condition, Expr value, String message) implements Expr {
  @Override
  public DataType type() {
    return value.type();
  }

  @Override
  public List<Expr> inputs() {
    return List.of(condition, value);
  }

  @Override
  public Column eval(Batch batch) {
    if (condition.select(batch, new int[batch.count()]) < batch.count()) {
      throw PenstockException.incorrect("requirement", message);
    }
    return value.eval(batch);
  }
}
