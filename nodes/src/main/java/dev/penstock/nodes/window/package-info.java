/**
 * Window functions: a breaker that hashes rows into partitions, sorts each once, and computes every
 * function over the sorted rows, block by block. One file a family of functions; frames become
 * ranges of sorted rows, which never move backwards, so that aggregates slide.
 */
@NullMarked
package dev.penstock.nodes.window;

import org.jspecify.annotations.NullMarked;
