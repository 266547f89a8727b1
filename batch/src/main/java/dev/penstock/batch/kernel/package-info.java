/**
 * Kernels over whole columns: hashing and equality, which group, distinct and join stand on. Pure functions over arrays; they know
 * layouts and nulls, but no operators. Loops are counted, over arrays in locals, one layout per loop.
 */
@NullMarked
package dev.penstock.batch.kernel;

import org.jspecify.annotations.NullMarked;
