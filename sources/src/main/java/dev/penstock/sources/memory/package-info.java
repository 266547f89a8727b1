/** Rows and batches that the host program holds, as sources. */
@NullMarked
package dev.penstock.sources.memory;

import org.jspecify.annotations.NullMarked;
