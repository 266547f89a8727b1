/** What looking at running queries costs them. */
@NullMarked
package dev.penstock.benchmarks.watch;

import org.jspecify.annotations.NullMarked;
