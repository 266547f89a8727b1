/** Tests of Jena's API over a store. */
@NullMarked
package dev.penstock.sparql.jena;

import org.jspecify.annotations.NullMarked;
