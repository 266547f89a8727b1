/**
 * Bytes that are written once and read at any place, in memory or in mapped files with checksums:
 * what runs and dictionaries lie in. Knows no terms and no triples.
 */
@NullMarked
package dev.penstock.sparql.page;

import org.jspecify.annotations.NullMarked;
