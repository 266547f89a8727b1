/**
 * Joins. {@link dev.penstock.nodes.join.JoinBuild} takes the build side and ends in a {@link
 * dev.penstock.nodes.join.JoinTable}; {@link dev.penstock.nodes.join.HashJoinProbe} and {@link
 * dev.penstock.nodes.join.NestedLoopJoin} are the steps of the probe side. Every kind works with
 * either side as the build side.
 *
 * <pre>
 * build input -> [JoinBuild.sink(lane)]  finish() -> morsels -> [JoinBuild.decoder()] inserts    table()
 *                                                                                                 |
 * probe input -> [HashJoinProbe(lane)] -> output   (the last lane to end gives the build side's rest)
 * </pre>
 *
 * <p>What does not fit: {@link dev.penstock.nodes.join.JoinSpill}.
 */
@NullMarked
package dev.penstock.nodes.join;

import org.jspecify.annotations.NullMarked;
