/** What no kernel covers: host functions that decode ids, call Jena, and encode what it gives. */
@NullMarked
package dev.penstock.sparql.eval;

import org.jspecify.annotations.NullMarked;
