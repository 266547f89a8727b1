/** The W3C's test suites. */
@NullMarked
package dev.penstock.sparql.w3c;

import org.jspecify.annotations.NullMarked;
