/**
 * The plain operators: filter, project, slice, rechunk, number. None keeps more state than a batch
 * or a counter. What an expression means is decided in {@code dev.penstock.batch.expr}, not here.
 */
@NullMarked
package dev.penstock.nodes.basic;

import org.jspecify.annotations.NullMarked;
