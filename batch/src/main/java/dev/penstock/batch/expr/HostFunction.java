package dev.penstock.batch.expr;

import dev.penstock.batch.Batch;
import dev.penstock.batch.Column;

/**
 * A function of the host program over columns: what {@code (host f type x ...)} of a plan calls.
 *
 * <p>Thread-safe, and a function of its arguments alone: plans move, repeat and leave out calls.
 */
public interface HostFunction {
  /**
   * The values for the rows of the batch (its selection): a column of the type that the plan says,
   * as long as the batch. Never called for an empty batch.
   *
   * @param args as long as the batch, nulls as they come; constant and dictionary columns too
   */
  Column eval(Batch batch, Column[] args);
}
