package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;

/**
 * A typed expression over the columns of a batch.
 *
 * <p>Stateless and thread-safe: one tree is used by many tasks at once.
 */
public interface Expr {
  /** The type of every column that {@link #eval} gives. */
  DataType type();

  /**
   * Evaluates for the rows of the batch (its selection). The result has the batch's physical length; positions that are not selected hold
   * unspecified values, and nothing is evaluated (and no error raised) for them. Dictionary and constant columns may come back.
   */
  Column eval(Batch batch);
}
