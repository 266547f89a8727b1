/** How quickly queries stop, and what they leave behind. */
@NullMarked
package dev.penstock.benchmarks.cancel;

import org.jspecify.annotations.NullMarked;
