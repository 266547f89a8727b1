/** The SPARQL protocol: from a request to a query, from its result to the format that was asked. */
@NullMarked
package dev.penstock.server.sparql;

import org.jspecify.annotations.NullMarked;
