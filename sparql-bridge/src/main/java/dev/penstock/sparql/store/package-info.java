/** Triples in memory or on disk, as sorted runs of ids: loading, looking up, scanning. */
@NullMarked
package dev.penstock.sparql.store;

import org.jspecify.annotations.NullMarked;
