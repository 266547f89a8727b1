/**
 * Batches as checked bytes: the one format of blocks, wherever they are put. For those who store
 * blocks; nobody else sees them.
 */
@NullMarked
package dev.penstock.buffer.block;

import org.jspecify.annotations.NullMarked;
