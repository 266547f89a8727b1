/**
 * Series of numbers, dates and timestamps: {@link dev.penstock.nodes.series.SeriesScan} makes one
 * out of nothing, {@link dev.penstock.nodes.series.Series} one for each row. Nothing is kept:
 * values are counted up as they are asked for.
 */
@NullMarked
package dev.penstock.nodes.series;

import org.jspecify.annotations.NullMarked;
