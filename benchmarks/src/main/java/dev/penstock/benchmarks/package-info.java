/**
 * Measurements: whole queries beside peers on the same files in the same run, and JMH benches of
 * the parts. Nothing here is a test; each bench checks its answer before it prints a number.
 */
@NullMarked
package dev.penstock.benchmarks;

import org.jspecify.annotations.NullMarked;
