/**
 * Where the batches of a pipe wait: on the heap, in files, in mapped memory. A composite pipe is
 * one pipe of many segments.
 */
@NullMarked
package dev.penstock.buffer.segment;

import org.jspecify.annotations.NullMarked;
