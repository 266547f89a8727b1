/**
 * Existing programs of Jena on this engine: a store as a dataset of Jena, and the factory by which
 * Jena hands queries over. A program calls {@link dev.penstock.sparql.jena.PenstockJena#register}
 * once.
 */
@NullMarked
package dev.penstock.sparql.jena;

import org.jspecify.annotations.NullMarked;
