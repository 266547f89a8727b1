/**
 * Batches in the stream format of Arrow IPC, written straight from columns: no library of Arrow, no
 * memory outside of the heap.
 */
@NullMarked
package dev.penstock.server.arrow;

import org.jspecify.annotations.NullMarked;
