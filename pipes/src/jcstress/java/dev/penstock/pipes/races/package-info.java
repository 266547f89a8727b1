/**
 * Races: each class is a law with two threads on it, all interleavings sampled by jcstress; what
 * the law does not allow is FORBIDDEN. How to run them stands in {@code pipes/README.md}.
 */
@NullUnmarked
package dev.penstock.pipes.races;

import org.jspecify.annotations.NullUnmarked;
