/** Peers whose classes the house does not compile against: loaded by name, where they are there. */
@NullMarked
package dev.penstock.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
