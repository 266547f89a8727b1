/** JMH benches of the parts: pipes, kernels, hash tables. Each checks its answer. */
@NullMarked
package dev.penstock.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
