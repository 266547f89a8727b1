/**
 * Calcite's relational nodes to a plan expression. Sub-queries and correlations are undone here:
 * semi, anti, mark and left joins with residuals where the correlation lies in filters, else a join
 * with the distinct outer values. Every column of the plan has a name of its own.
 */
@NullMarked
package dev.penstock.sql.translate;

import org.jspecify.annotations.NullMarked;
