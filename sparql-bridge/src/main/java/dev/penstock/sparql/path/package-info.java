/** Property paths over a snapshot of a store. */
@NullMarked
package dev.penstock.sparql.path;

import org.jspecify.annotations.NullMarked;
