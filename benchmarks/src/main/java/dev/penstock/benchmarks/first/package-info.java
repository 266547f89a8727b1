/**
 * Queries in processes that have just started: {@link dev.penstock.benchmarks.first.FirstBench}.
 */
@NullMarked
package dev.penstock.benchmarks.first;

import org.jspecify.annotations.NullMarked;
