/** Ids of terms. */
@NullMarked
package dev.penstock.sparql.term;

import org.jspecify.annotations.NullMarked;
