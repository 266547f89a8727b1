/**
 * Where operators put batches that do not fit into memory: files of checked blocks in a directory
 * of this process. Operators know {@link dev.penstock.buffer.spill.SpillSpace} and {@link
 * dev.penstock.buffer.spill.SpillFile} only; how bytes lie on a disk is decided here.
 */
@NullMarked
package dev.penstock.buffer.spill;

import org.jspecify.annotations.NullMarked;
