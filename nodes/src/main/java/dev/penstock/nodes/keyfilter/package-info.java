/**
 * Runtime filters: what the complete build side of a join says about keys to the scans of its probe
 * side. A {@link dev.penstock.nodes.keyfilter.KeyFilter} is made once, by {@link
 * dev.penstock.nodes.keyfilter.KeyFilterBuilder}, then only read; a scan holds a {@link
 * dev.penstock.nodes.keyfilter.LaneFilter} per lane. A filter may let rows through that have no
 * match, never the other way round.
 */
@NullMarked
package dev.penstock.nodes.keyfilter;

import org.jspecify.annotations.NullMarked;
