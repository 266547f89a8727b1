/**
 * Set operations: intersect and minus, as sets or bags. Union is a node with several inputs and
 * needs no operator.
 */
@NullMarked
package dev.penstock.nodes.setop;

import org.jspecify.annotations.NullMarked;
