/** Tests of paths. */
@NullMarked
package dev.penstock.sparql.path;

import org.jspecify.annotations.NullMarked;
