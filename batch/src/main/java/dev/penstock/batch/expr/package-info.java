/**
 * Expressions over the columns of a batch: trees of kernels that evaluate a whole batch at a time.
 * Stateless, so one tree serves all tasks at once.
 */
@NullMarked
package dev.penstock.batch.expr;

import org.jspecify.annotations.NullMarked;
