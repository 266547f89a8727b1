package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;
import dev.penstock.batch.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A typed expression over the columns of a batch.
 *
 * <p>Stateless and thread-safe: one tree is used by many tasks at once.
 */
public interface Expr {
  /** The type of every column that {@link #eval} gives. */
  DataType type();

  /**
   * Evaluates for the rows of the batch (its selection). The result has the batch's physical
   * length; positions that are not selected hold unspecified values, and nothing is evaluated (and
   * no error raised) for them. Dictionary and constant columns may come back.
   */
  Column eval(Batch batch);

  /** What a source can see of this expression; the default promises nothing. */
  default Shape shape() {
    return Shape.OTHER;
  }

  /**
   * The expressions that this one is made of (none for a column or literal), so that a source finds
   * the columns that a filter reads. Null = unknown, which is always right: then it may read every
   * column of the batch.
   */
  default @Nullable List<? extends Expr> inputs() {
    return null;
  }
}
