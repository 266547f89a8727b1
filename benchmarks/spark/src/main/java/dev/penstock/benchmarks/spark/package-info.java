/**
 * Spark as a process that answers queries: the other end of {@code SparkPeer} of the benchmarks.
 */
@NullMarked
package dev.penstock.benchmarks.spark;

import org.jspecify.annotations.NullMarked;
