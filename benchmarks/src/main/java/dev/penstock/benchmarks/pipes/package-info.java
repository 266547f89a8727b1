/**
 * Pipes beside streams, core.async and Hazelcast Jet: {@link
 * dev.penstock.benchmarks.pipes.PipesBench}.
 */
@NullMarked
package dev.penstock.benchmarks.pipes;

import org.jspecify.annotations.NullMarked;
