/** Tests of the functions that plans call for SPARQL. */
@NullMarked
package dev.penstock.sparql.eval;

import org.jspecify.annotations.NullMarked;
