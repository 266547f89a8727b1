/**
 * Runs sqllogictest files, in SQLite's and in DuckDB's dialect, on SQL sessions: {@link
 * dev.penstock.benchmarks.sqllogictest.ScriptReader} reads a file, {@link
 * dev.penstock.benchmarks.sqllogictest.FileRun} runs it on an engine of its own, {@link
 * dev.penstock.benchmarks.sqllogictest.Answer} compares, {@link
 * dev.penstock.benchmarks.sqllogictest.Tally} counts. The front door is {@link
 * dev.penstock.benchmarks.sqllogictest.SqlLogicTest}.
 */
@NullMarked
package dev.penstock.benchmarks.sqllogictest;

import org.jspecify.annotations.NullMarked;
