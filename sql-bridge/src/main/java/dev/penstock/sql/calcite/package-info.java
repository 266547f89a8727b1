/**
 * Calcite's parser and validator, set up for this engine: its types, its functions (all from the
 * plan language's registry), its errors as one line with a place. Gives a tree of Calcite's
 * relational nodes, with sub-queries still in the expressions.
 */
@NullMarked
package dev.penstock.sql.calcite;

import org.jspecify.annotations.NullMarked;
