/**
 * The queries of an engine over HTTP: submitted, streamed, watched, cancelled. This is where HTTP,
 * Jetty and Jackson live; what a query is stands in {@code dev.penstock.compiler.queries}.
 */
@NullMarked
package dev.penstock.server;

import org.jspecify.annotations.NullMarked;
