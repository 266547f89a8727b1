/** Loading and looking up triples. */
@NullMarked
package dev.penstock.sparql.store;

import org.jspecify.annotations.NullMarked;
