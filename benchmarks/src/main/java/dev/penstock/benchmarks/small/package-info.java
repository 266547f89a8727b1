/**
 * Queries so small that planning and the way through the engine are what they cost: {@link
 * dev.penstock.benchmarks.small.SmallBench}.
 */
@NullMarked
package dev.penstock.benchmarks.small;

import org.jspecify.annotations.NullMarked;
