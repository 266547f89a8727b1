/**
 * Types, columns and batches: the shape that data has everywhere in Penstock. Columns and batches
 * are immutable once built; builders end at {@code build()}. Kernels (compare, hash, arithmetic,
 * select) live in the packages below.
 */
@NullMarked
package dev.penstock.batch;

import org.jspecify.annotations.NullMarked;
