package dev.penstock.sparql.store;

/**
 * What a load did.
 *
 * @param read triples and quads in the input
 * @param added how many more the store has now; less where some were there
 * @param skipped lines that were left out
 * @param nanos how long it took
 */
public record LoadReport(long read, long added, long skipped, long nanos) {}
