/** SPARQL sessions, end to end. */
@NullMarked
package dev.penstock.sparql;

import org.jspecify.annotations.NullMarked;
