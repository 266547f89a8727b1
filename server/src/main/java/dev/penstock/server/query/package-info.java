/** Statements that clients submitted, as JSON and as requests: from a body to a result. */
@NullMarked
package dev.penstock.server.query;

import org.jspecify.annotations.NullMarked;
