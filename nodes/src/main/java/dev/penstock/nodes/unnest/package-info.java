/**
 * Unnest: one row an element of JSON array text. It has its own scanner of JSON bytes; nothing here
 * makes a tree of them.
 */
@NullMarked
package dev.penstock.nodes.unnest;

import org.jspecify.annotations.NullMarked;
