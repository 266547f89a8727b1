/**
 * Grouping: {@link dev.penstock.nodes.group.Group} and {@link dev.penstock.nodes.group.Distinct}.
 * Each lane groups what it gets in a state of its own; the states are merged by hash partition, in
 * parallel.
 *
 * <pre>
 * GroupPlan    what is computed: keys, inputs (argument + filter), accumulators, outputs; shared, immutable
 * GroupState   one table of groups: KeyTable, row counts, InputState for each input with its Accumulators
 * Accumulator  the state of one function for all groups, by column; a loop per type, nulls are sorted out before
 * </pre>
 */
@NullMarked
package dev.penstock.nodes.group;

import org.jspecify.annotations.NullMarked;
