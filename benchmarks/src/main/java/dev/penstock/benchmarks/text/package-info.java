/**
 * Scans of CSV and JSON lines beside DuckDB's readers: {@link
 * dev.penstock.benchmarks.text.TextBench}.
 */
@NullMarked
package dev.penstock.benchmarks.text;

import org.jspecify.annotations.NullMarked;
