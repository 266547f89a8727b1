/**
 * What more workers, more streams and more data do to TPC-H: {@link
 * dev.penstock.benchmarks.scaling.ScalingBench}, {@link
 * dev.penstock.benchmarks.scaling.GrowthBench}.
 */
@NullMarked
package dev.penstock.benchmarks.scaling;

import org.jspecify.annotations.NullMarked;
