package dev.penstock.nodes.keyfilter;

import dev.penstock.nodes.Cell;

/**
 * A filter that a scan is to apply from the moment at which it is there: rows whose value of the
 * column does not pass may be left out.
 *
 * @param id of the filter in the plan
 * @param column ordinal of the columns that the scan delivers
 * @param filter set when the build side of the join is complete
 */
public record RuntimeFilter(int id, int column, Cell<KeyFilter> filter) {}
