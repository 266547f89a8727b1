/**
 * Pipes: where data crosses from one task to another. A {@link dev.penstock.pipes.Pipe} has a
 * {@link dev.penstock.pipes.Feed}, into which producers enqueue, and a {@link
 * dev.penstock.pipes.Tap}, from which consumers dequeue; {@link dev.penstock.pipes.Mux} makes one
 * tap of many, {@link dev.penstock.pipes.Tee} one feed of many. To a pipe, data is just data.
 *
 * <p>The numbered laws stand in {@code pipes/README.md}; every implementation passes the tests
 * named after them ({@code PipeLaws}). Change a law there first, then its test, then the code.
 */
@NullMarked
package dev.penstock.pipes;

import org.jspecify.annotations.NullMarked;
