/**
 * Sort and top-n: lanes make sorted runs, and ranges of the order are merged from all runs in
 * parallel.
 */
@NullMarked
package dev.penstock.nodes.sort;

import org.jspecify.annotations.NullMarked;
