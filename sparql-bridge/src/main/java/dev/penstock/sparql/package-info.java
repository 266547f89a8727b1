/**
 * SPARQL on an engine: {@link dev.penstock.sparql.SparqlSession} takes the text of a query and
 * gives its solutions, its answer or its triples. Jena parses; {@code translate} writes plans;
 * {@code store} holds triples as sorted runs of 64-bit ids; {@code term} says what an id means;
 * {@code eval} computes what no kernel covers with Jena's functions; {@code path} walks property
 * paths.
 */
@NullMarked
package dev.penstock.sparql;

import org.jspecify.annotations.NullMarked;
