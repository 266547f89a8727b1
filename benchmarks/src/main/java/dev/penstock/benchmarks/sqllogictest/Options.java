package dev.penstock.benchmarks.sqllogictest;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How scripts are run.
 *
 * @param limit of each record
 * @param messages must the text of an expected error be ours?
 * @param required what scripts may ask for beyond the harmless names
 * @param passedOver failures of these kinds count as skipped
 * @param verbose gets every failing record; null: nobody
 */
record Options(
    Duration limit,
    boolean failFast,
    boolean messages,
    Set<String> required,
    Set<Tally.Failure> passedOver,
    @Nullable PrintStream verbose) {}
