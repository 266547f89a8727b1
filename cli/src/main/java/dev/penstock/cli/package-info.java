/**
 * The front door: the one {@code main}. It reads arguments, runs a session, and writes results to
 * stdout and everything else to stderr. Nothing else in the house may depend on it.
 */
@NullMarked
package dev.penstock.cli;

import org.jspecify.annotations.NullMarked;
