/** Rows on their way to a client, format by format; a slow client makes the engine pause. */
@NullMarked
package dev.penstock.server.result;

import org.jspecify.annotations.NullMarked;
