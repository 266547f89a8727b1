/**
 * Jobs that do not fit into memory, beside DuckDB with the same limit: each in a process of its
 * own, whose resident memory the operating system tells.
 */
@NullMarked
package dev.penstock.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
