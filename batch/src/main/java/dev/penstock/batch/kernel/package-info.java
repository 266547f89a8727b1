/**
 * Kernels over columns that operators share: hashing and equality, which group, distinct and join
 * stand on; ordering; 128-bit arithmetic. Pure functions over arrays; they know layouts and nulls,
 * but no operators. Loops are counted, over arrays in locals, one layout per loop.
 */
@NullMarked
package dev.penstock.batch.kernel;

import org.jspecify.annotations.NullMarked;
