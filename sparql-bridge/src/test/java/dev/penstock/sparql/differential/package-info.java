/** Random queries, here and in Jena. */
@NullMarked
package dev.penstock.sparql.differential;

import org.jspecify.annotations.NullMarked;
