/** Many clients of one server. */
@NullMarked
package dev.penstock.benchmarks.load;

import org.jspecify.annotations.NullMarked;
