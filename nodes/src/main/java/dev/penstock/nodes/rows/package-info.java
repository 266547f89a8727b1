/**
 * Rows that an operator keeps: a columnar store in segments, rows named by int ids, columns
 * gathered by id. Group, sort, window and join stand on it; it knows nothing of them.
 */
@NullMarked
package dev.penstock.nodes.rows;

import org.jspecify.annotations.NullMarked;
