/** Where data waits: the pipes that carry batches, bounded by their bytes. */
@NullMarked
package dev.penstock.buffer;

import org.jspecify.annotations.NullMarked;
