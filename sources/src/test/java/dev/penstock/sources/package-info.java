/** The contract that every source passes, published as a test-jar. */
@NullMarked
package dev.penstock.sources;

import org.jspecify.annotations.NullMarked;
