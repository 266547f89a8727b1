/**
 * SPARQL from look-ups to analytics over generated triples, beside Jena (in memory and TDB2) and
 * RDF4J (in memory and LMDB) in the same process: answers are compared before anything is measured.
 */
@NullMarked
package dev.penstock.benchmarks.sparql;

import org.jspecify.annotations.NullMarked;
