/**
 * What watches the house: budgets and reservations, the cancellation token, the one exception type.
 * This room knows nothing of batches, pipes or plans; everything else may use it.
 */
@NullMarked
package dev.penstock.monitor;

import org.jspecify.annotations.NullMarked;
