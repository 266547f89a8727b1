@NullMarked
package dev.penstock.sparql.lookup;

import org.jspecify.annotations.NullMarked;
