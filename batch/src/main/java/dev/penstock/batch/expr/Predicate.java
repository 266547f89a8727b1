package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;

/** A boolean expression that can also narrow a selection without making a column. */
public interface Predicate extends Expr {
  /**
   * Writes the positions of the rows for which this is true (not false, not null), ascending, and
   * returns how many.
   *
   * @param out at least {@code batch.count()} long; may be the batch's own selection array only if
   *     the caller owns that
   */
  int select(Batch batch, int[] out);
}
