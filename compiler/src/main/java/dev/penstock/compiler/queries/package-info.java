/**
 * The queries of an engine, as people and programs see them: which there are, what each is doing,
 * and how to stop it. Nothing here runs a plan; what does ({@code compiler}) tells a {@link
 * dev.penstock.compiler.queries.Query} when it begins and ends, and lets it look in.
 */
@NullMarked
package dev.penstock.compiler.queries;

import org.jspecify.annotations.NullMarked;
