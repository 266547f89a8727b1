/**
 * What spilling operators have in common: the memory of a lane with a guaranteed minimum ({@link
 * dev.penstock.nodes.spill.Workspace}), who is asked to make room ({@link
 * dev.penstock.nodes.spill.Relief}), rows that several readers want ({@link
 * dev.penstock.nodes.spill.SpilledBatches}), rows by hash partition ({@link
 * dev.penstock.nodes.spill.PartWriter}). The files are those of {@code dev.penstock.buffer.spill}.
 */
@NullMarked
package dev.penstock.nodes.spill;

import org.jspecify.annotations.NullMarked;
