/**
 * Programs that use Penstock as a host does, small enough to be read in a minute. Each is run by a
 * test, which knows its output.
 */
@NullMarked
package dev.penstock.samples;

import org.jspecify.annotations.NullMarked;
