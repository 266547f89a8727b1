/** Tests of the way from SPARQL's algebra to a plan. */
@NullMarked
package dev.penstock.sparql.translate;

import org.jspecify.annotations.NullMarked;
